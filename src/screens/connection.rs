//! How the page is connected, in words. Said once a change: a screen reader reads it out.

use doorstep_model::screen::{Times, as_of};

use crate::live::{Link, Pace};
use crate::page::WORDS;
use crate::watch::Connection;

/// The line beside the tracking number.
pub(super) fn line(connection: Connection, times: &impl Times) -> String {
    if matches!(connection.link, Link::Reconnecting | Link::Offline)
        && let Some(line) = connection.last.and_then(|last| as_of(last, &WORDS, times))
    {
        return line;
    }
    let since = connection.last.map(|last| times.clock(last));
    match (connection.link, since) {
        (Link::Connecting, _) => WORDS.live_connecting().to_owned(),
        (Link::Live, _) => WORDS.live_live().to_owned(),
        (Link::Reconnecting, Some(clock)) => WORDS.live_reconnecting_since(&clock),
        (Link::Reconnecting, None) => WORDS.live_reconnecting().to_owned(),
        (Link::Polling, _) => WORDS.live_polling(&(Pace::POLL / 1000).to_string()),
        (Link::Offline, Some(clock)) => WORDS.live_offline_since(&clock),
        (Link::Offline, None) => WORDS.live_offline().to_owned(),
    }
}
