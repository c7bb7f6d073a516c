//! The history in words, newest day first and newest line first within it. Events whose time nobody
//! knows stand under a heading that says so.

use crate::catalogue::Catalogue;
use crate::reason::Reason;
use crate::screen::facts::{Facts, Milestone};
use crate::screen::sentence::{reason_text, status_text};
use crate::screen::{Times, when};
use crate::time::{Day, Timestamp};

/// The lines of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOfHistory {
    /// The day; `None` for what happened nobody knows when.
    pub day: Option<Day>,
    /// The day in words.
    pub heading: String,
    /// What happened on it, newest first.
    pub lines: Vec<HistoryLine>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// When; `None` where the source does not know.
    pub at: Option<Timestamp>,
    /// Hour and minute in words.
    pub clock: String,
    /// What happened.
    pub title: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// The source's own word, with what says that it is.
    pub source_word: Option<(&'static str, String)>,
    /// Where.
    pub place: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// In which language word, place and remark are, where that is known.
    pub language: Option<String>,
}

/// What stands below a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct More<'a> {
    /// What stands before it, in the page's own language.
    pub label: Option<&'static str>,
    /// What it says.
    pub text: &'a str,
    /// Whether others wrote it: it is shown as it is, and no translator touches it.
    pub theirs: bool,
    /// In which language, where that is theirs and known.
    pub language: Option<&'a str>,
}

impl HistoryLine {
    /// What stands below the title, in reading order: why, where, a remark, the source's own word.
    pub fn more(&self) -> impl Iterator<Item = More<'_>> {
        let language = self.language.as_deref();
        let theirs = |label, text| More { label, text, theirs: true, language };
        let own = |text| More { label: None, text, theirs: false, language: None };
        let word = self.source_word.as_ref().map(|(label, word)| theirs(Some(*label), word.as_str()));
        let reason = self.reason.as_deref().map(own);
        let place = self.place.as_deref().map(|place| theirs(None, place));
        let note = self.note.as_deref().map(|note| theirs(None, note));
        [reason, place, note, word].into_iter().flatten()
    }
}

/// The days of the history.
pub(super) fn days(facts: &Facts<'_>, words: &Catalogue, times: &impl Times) -> Vec<DayOfHistory> {
    let mut days: Vec<DayOfHistory> = Vec::new();
    for milestone in facts.history.iter().rev() {
        let day = milestone.time.map(|at| times.day(at));
        let line = line(milestone, words, times);
        match days.last_mut() {
            Some(last) if last.day == day => last.lines.push(line),
            _ => days.push(DayOfHistory { day, heading: heading(day, words, times), lines: vec![line] }),
        }
    }
    days
}

fn heading(day: Option<Day>, words: &Catalogue, times: &impl Times) -> String {
    match day {
        // "today" heads a list as "Tuesday 24 November (today)"; any other date stands alone.
        Some(day) => match when::near(day, words, times) {
            Some(near) => words.history_day(&times.date(day), near),
            None => times.date(day),
        },
        None => words.history_no_day().to_owned(),
    }
}

fn line(milestone: &Milestone<'_>, words: &Catalogue, times: &impl Times) -> HistoryLine {
    HistoryLine {
        at: milestone.time,
        clock: milestone.time.map_or_else(|| words.history_no_time().to_owned(), |at| times.clock(at)),
        title: status_text(milestone.status, words),
        reason: milestone
            .reason
            .filter(|reason| *reason != Reason::Other)
            .map(|reason| words.reason_line(reason_text(reason, words))),
        source_word: milestone.source_word.map(|word| (words.history_source_word(), word.to_string())),
        place: milestone.place.map(ToString::to_string),
        note: milestone.note.map(ToString::to_string),
        language: milestone.language.map(|language| language.as_str().to_owned()),
    }
}
