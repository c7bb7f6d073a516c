//! How far an import has come: a bar on a terminal, a plain line now and then anywhere else.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a plain line is written.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// Shows how far an import has come, on standard error.
pub enum Progress {
    /// On a terminal.
    Bar(ProgressBar),
    /// In a log; the last line's time and the file's bytes.
    Lines(Instant, u64),
    /// Nowhere.
    Silent,
}

impl Progress {
    /// For a file of `size` bytes, as the standard error stream allows.
    pub fn of_size(size: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(Instant::now(), size);
        }
        let bar = ProgressBar::new(size);
        let template = "{bar:40} {percent:>3} %  {msg}  {elapsed_precise}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// `rows` have been read, up to this `byte`.
    pub fn at(&mut self, rows: u64, byte: u64) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(byte);
                bar.set_message(format!("{rows} rows"));
            }
            Self::Lines(last, size) => {
                if last.elapsed() >= PLAIN_EVERY {
                    *last = Instant::now();
                    eprintln!("{rows} rows, {} %", byte * 100 / (*size).max(1));
                }
            }
            Self::Silent => {}
        }
    }

    /// All rows have been read.
    pub fn finish(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
