//! Other names for the steps, as a link made for another widget brings them. They are strangers' words:
//! bounded, shown as text, and never beside what is personal.

use super::Screen;
use crate::status::{Status, Step};
use crate::text::Label;

/// Names that take the place of the catalogue's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Titles {
    placed: Option<Label>,
    preparing: Option<Label>,
    on_the_way: Option<Label>,
    delivered: Option<Label>,
    /// Of the step on the way while the goods were picked up and have not left yet.
    picked_up: Option<Label>,
}

impl Titles {
    /// What `lines` say, one title a line: placed, preparing, on the way, delivered, picked up. A line that
    /// is empty or too long changes nothing.
    pub fn parse(lines: &str) -> Self {
        let mut lines = lines.split('\n').map(|line| Label::parse(line).ok());
        let mut next = || lines.next().flatten();
        Self { placed: next(), preparing: next(), on_the_way: next(), delivered: next(), picked_up: next() }
    }

    /// The lines of which [`Titles::parse`] makes the same.
    pub fn lines(&self) -> String {
        [&self.placed, &self.preparing, &self.on_the_way, &self.delivered, &self.picked_up]
            .map(|title| title.as_ref().map_or("", Label::as_str))
            .join("\n")
    }

    /// Names the steps of `screen`, which shows `status`, by these titles.
    pub fn name(&self, screen: &mut Screen, status: Status) {
        for line in &mut screen.steps {
            let title = match line.step {
                Step::Placed => &self.placed,
                Step::Preparing => &self.preparing,
                Step::OnTheWay if status == Status::PickedUp && self.picked_up.is_some() => &self.picked_up,
                Step::OnTheWay => &self.on_the_way,
                Step::Arriving => &None,
                Step::Delivered => &self.delivered,
            };
            if let Some(title) = title {
                line.label = title.as_str().to_owned().into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_titles_and_titles_are_lines() {
        let titles = Titles::parse("Received\n\nGoing \u{202E}to\nHere\nPicked");
        assert_eq!(titles.lines(), "Received\n\nGoing to\nHere\nPicked");
        assert_eq!(Titles::parse(&titles.lines()), titles);
        assert_eq!(Titles::parse(""), Titles::default());
        assert_eq!(Titles::parse(&"x".repeat(61)), Titles::default(), "too long changes nothing");
    }
}
