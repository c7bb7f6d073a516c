//! One preference being edited: what is typed, and how far what was saved has come. Pure: answers in,
//! states out. Nothing is lost silently (it waits, or both versions are shown), and nothing is done twice
//! (a repeat carries the name of the first).

use super::Choice;

/// For how many seconds what was saved can be taken back.
pub(crate) const UNDO_SECONDS: u32 = 10;

/// An edit on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Edit {
    /// What is to hold.
    pub(crate) choice: Choice,
    /// What held before, for undoing it.
    pub(crate) before: Choice,
    /// The version that it was made on.
    pub(crate) base: u32,
    /// Its name; the same name again is the same edit.
    pub(crate) id: String,
    /// The names, parted by blanks, of edits that it took the place of while nobody knew whether they had
    /// arrived.
    pub(crate) prior: String,
}

/// What stands on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    /// The value.
    pub(crate) choice: Choice,
    /// Its version.
    pub(crate) version: u32,
    /// The edit that made it.
    pub(crate) edit: String,
}

/// Why an edit does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It came too late.
    CutOff,
    /// The delivery code excludes it.
    Excluded,
    /// It is not what the field takes.
    Invalid,
}

/// What the server said to an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It holds.
    Saved(Stand),
    /// Something else stands than what it was made on.
    Conflict(Stand),
    /// It does not hold.
    Refused(Refusal),
    /// Nothing that says anything of it.
    Nothing,
}

/// How far an edit has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is none.
    #[default]
    Rest,
    /// It was sent.
    Sending(Edit),
    /// It is to be sent again when there is a network.
    Waiting(Edit),
    /// It holds, and can be undone for some seconds more.
    Saved {
        /// The edit.
        edit: Edit,
        /// The version that it made.
        version: u32,
        /// The seconds.
        left: u32,
    },
    /// Somebody else edited meanwhile; the person chooses.
    Both(Edit, Stand),
    /// It does not hold.
    Refused(Edit, Refusal),
}

/// What is typed, on the version that was seen then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What is typed.
    pub(crate) choice: Choice,
    /// The version that stood when it was begun.
    pub(crate) base: u32,
}

/// One preference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    /// What is typed and not saved.
    pub(crate) draft: Option<Draft>,
    /// What was saved.
    pub(crate) progress: Progress,
}

impl Field {
    /// What its form shows where `standing` stands.
    pub(crate) fn shown<'a>(&'a self, standing: &'a Choice) -> &'a Choice {
        match (&self.draft, &self.progress) {
            (Some(draft), _) => &draft.choice,
            (None, Progress::Sending(edit) | Progress::Waiting(edit) | Progress::Refused(edit, _)) => {
                &edit.choice
            }
            (None, Progress::Both(edit, _)) => &edit.choice,
            (None, Progress::Rest | Progress::Saved { .. }) => standing,
        }
    }

    /// The edit that is to be sent, or sent again.
    pub(crate) fn due(&self) -> Option<&Edit> {
        match &self.progress {
            Progress::Sending(edit) | Progress::Waiting(edit) => Some(edit),
            _ => None,
        }
    }

    /// Something is typed, where `standing` stands at `version`.
    pub(crate) fn type_in(&mut self, standing: &Choice, version: u32, change: impl FnOnce(&mut Choice)) {
        let mut choice = self.shown(standing).clone();
        change(&mut choice);
        let base = match (&self.draft, &self.progress) {
            (Some(draft), _) => draft.base,
            (None, Progress::Saved { version: saved, .. }) => version.max(*saved),
            (None, _) => self.due().map_or(version, |edit| edit.base),
        };
        self.draft = Some(Draft { choice, base });
        if matches!(self.progress, Progress::Refused(..)) {
            self.progress = Progress::Rest;
        }
    }

    /// Saves what is typed, by the name `id`; says whether there is anything to send.
    pub(crate) fn save(&mut self, standing: &Choice, id: String) -> bool {
        let Some(draft) = self.draft.take() else { return false };
        let prior = self.due().map(|edit| [&edit.prior, " ", &edit.id].concat()).unwrap_or_default();
        let before = standing.clone();
        self.progress = Progress::Sending(Edit { choice: draft.choice, before, base: draft.base, id, prior });
        true
    }

    /// Takes back what was saved a moment ago; says whether there is anything to send.
    pub(crate) fn undo(&mut self, id: String) -> bool {
        let Progress::Saved { edit, version, left: 1.. } = std::mem::take(&mut self.progress) else {
            return false;
        };
        self.draft = None;
        let (choice, before) = (edit.before, edit.choice);
        self.progress = Progress::Sending(Edit { choice, before, base: version, id, prior: String::new() });
        true
    }

    /// Chooses between both versions: `mine` is sent again on what stands, or dropped.
    pub(crate) fn choose(&mut self, mine: bool, id: String) -> bool {
        let Progress::Both(edit, stand) = std::mem::take(&mut self.progress) else { return false };
        self.draft = None;
        if mine {
            let prior = String::new();
            self.progress = Progress::Sending(Edit {
                choice: edit.choice,
                before: stand.choice,
                base: stand.version,
                id,
                prior,
            });
        }
        mine
    }

    /// The server spoke of the edit named `id`. Of one that is no longer on its way it says nothing new.
    pub(crate) fn heard(&mut self, id: &str, heard: Heard) {
        if self.due().is_none_or(|edit| edit.id != id) {
            return;
        }
        let (Progress::Sending(edit) | Progress::Waiting(edit)) = std::mem::take(&mut self.progress) else {
            return;
        };
        self.progress = match heard {
            Heard::Saved(stand) => self.saved(edit, stand),
            // It had arrived before; only the answer was lost.
            Heard::Conflict(stand) if stand.edit == edit.id => self.saved(edit, stand),
            Heard::Conflict(stand) if edit.prior.split(' ').any(|prior| prior == stand.edit) => {
                Progress::Sending(Edit {
                    base: stand.version,
                    before: stand.choice,
                    prior: String::new(),
                    ..edit
                })
            }
            Heard::Conflict(stand) => Progress::Both(edit, stand),
            Heard::Refused(why) => Progress::Refused(edit, why),
            Heard::Nothing => Progress::Waiting(edit),
        };
    }

    fn saved(&mut self, edit: Edit, stand: Stand) -> Progress {
        // What was typed since builds on what was just saved.
        if let Some(draft) = &mut self.draft {
            draft.base = stand.version;
        }
        Progress::Saved { edit, version: stand.version, left: UNDO_SECONDS }
    }
}
