//! What becomes of edits, whatever the network does to questions and answers.

use proptest::prelude::*;

use super::Choice;
use super::edit::{Edit, Field, Heard, Progress, Refusal, Stand};

fn choice(text: &str) -> Choice {
    Choice { text: text.to_owned(), ..Choice::default() }
}

fn stand(text: &str, version: u32, edit: &str) -> Stand {
    Stand { choice: choice(text), version, edit: edit.to_owned() }
}

fn typed(field: &mut Field, standing: &str, version: u32, text: &str) {
    field.type_in(&choice(standing), version, |choice| choice.text = text.to_owned());
}

/// The edit that is on its way.
fn due(field: &Field) -> Edit {
    field.due().cloned().unwrap_or_else(|| panic!("nothing is due: {field:?}"))
}

#[test]
fn what_is_typed_builds_on_what_was_seen_when_it_began() {
    let mut field = Field::default();
    typed(&mut field, "old", 3, "m");
    // Somebody else's edit arrives while it is typed.
    typed(&mut field, "theirs", 4, "mine");
    assert!(field.save(&choice("theirs"), "e1".to_owned()));
    assert_eq!((due(&field).base, due(&field).choice), (3, choice("mine")));
    field.heard("e1", Heard::Conflict(stand("theirs", 4, "x")));
    assert!(matches!(&field.progress, Progress::Both(edit, _) if edit.choice == choice("mine")));
    assert_eq!(field.shown(&choice("theirs")), &choice("mine"));
    assert!(field.choose(true, "e2".to_owned()));
    assert_eq!((due(&field).base, due(&field).id.as_str()), (4, "e2"));
}

#[test]
fn the_other_version_is_kept_where_the_person_says_so() {
    let mut field = Field::default();
    typed(&mut field, "old", 1, "mine");
    field.save(&choice("old"), "e1".to_owned());
    field.heard("e1", Heard::Conflict(stand("theirs", 2, "x")));
    assert!(!field.choose(false, "e2".to_owned()));
    assert_eq!(field, Field::default());
}

#[test]
fn an_edit_whose_answer_was_lost_is_known_again() {
    let mut field = Field::default();
    typed(&mut field, "", 0, "mine");
    field.save(&Choice::default(), "e1".to_owned());
    field.heard("e1", Heard::Nothing);
    assert!(matches!(field.progress, Progress::Waiting(_)));
    field.heard("e1", Heard::Conflict(stand("mine", 1, "e1")));
    assert!(matches!(field.progress, Progress::Saved { version: 1, .. }));
}

#[test]
fn an_edit_in_place_of_one_that_had_arrived_is_no_conflict_with_oneself() {
    let mut field = Field::default();
    typed(&mut field, "", 0, "first");
    field.save(&Choice::default(), "e1".to_owned());
    field.heard("e1", Heard::Nothing);
    typed(&mut field, "", 0, "second");
    field.save(&Choice::default(), "e2".to_owned());
    field.heard("e2", Heard::Conflict(stand("first", 1, "e1")));
    assert!(matches!(field.progress, Progress::Sending(_)));
    assert_eq!((due(&field).base, due(&field).choice), (1, choice("second")));
}

#[test]
fn what_was_saved_is_undone_on_its_own_version() {
    let mut field = Field::default();
    typed(&mut field, "old", 7, "new");
    field.save(&choice("old"), "e1".to_owned());
    field.heard("e1", Heard::Saved(stand("new", 8, "e1")));
    assert!(field.undo("e2".to_owned()));
    assert_eq!((due(&field).base, due(&field).choice), (8, choice("old")));
    assert!(!Field::default().undo("e3".to_owned()));
}

#[test]
fn what_is_refused_stays_to_be_seen() {
    let mut field = Field::default();
    typed(&mut field, "old", 1, "mine");
    field.save(&choice("old"), "e1".to_owned());
    field.heard("e1", Heard::Refused(Refusal::CutOff));
    assert_eq!(field.shown(&choice("old")), &choice("mine"));
}

/// What the network does to one try.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// The question is lost.
    Lost,
    /// It arrives, and the answer is lost.
    Unheard,
    /// Both arrive.
    Heard,
}

proptest! {
    /// However often questions and answers are lost, the last text stands once the network is back, no edit
    /// is applied twice, and the person is never asked to choose between their own versions.
    #[test]
    fn edits_arrive_once_whatever_is_lost(
        fates in proptest::collection::vec(prop_oneof![Just(Fate::Lost), Just(Fate::Unheard), Just(Fate::Heard)], 1..12),
        again in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let mut field = Field::default();
        let mut server = stand("", 0, "");
        let mut applied: Vec<String> = Vec::new();
        let mut last = String::new();
        let fates = fates.into_iter().chain([Fate::Heard; 4]);
        for (turn, fate) in fates.enumerate() {
            // The page learns of what stands only through answers here: no stream.
            if turn == 0 || (turn < 12 && again[turn] && matches!(field.progress, Progress::Waiting(_))) {
                last = format!("text {turn}");
                let seen = field.due().map_or((Choice::default(), 0), |edit| (edit.before.clone(), edit.base));
                typed(&mut field, &seen.0.text, seen.1, &last);
                field.save(&seen.0, format!("e{turn}"));
            }
            let Some(edit) = field.due().cloned() else { break };
            let heard = if matches!(fate, Fate::Lost) {
                Heard::Nothing
            } else if server.edit == edit.id {
                Heard::Saved(server.clone())
            } else if server.version == edit.base {
                prop_assert!(!applied.contains(&edit.id), "applied twice");
                applied.push(edit.id.clone());
                server = Stand { choice: edit.choice.clone(), version: edit.base + 1, edit: edit.id.clone() };
                Heard::Saved(server.clone())
            } else {
                Heard::Conflict(server.clone())
            };
            field.heard(&edit.id, if matches!(fate, Fate::Heard) { heard } else { Heard::Nothing });
            prop_assert!(!matches!(field.progress, Progress::Both(..)), "a choice between one's own");
        }
        prop_assert_eq!(server.choice.text, last);
    }
}
