//! A QR code as the data of one SVG path, so that a page draws it without markup from elsewhere and without a
//! picture that could be kept. Knows nothing of what it says.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use utoipa::ToSchema;

/// Light modules that must stand around the dark ones (ISO/IEC 18004).
const QUIET: usize = 4;

// No `Debug`: it says what it encodes.
/// A QR code to be drawn.
#[derive(serde::Serialize, ToSchema)]
pub(super) struct Qr {
    /// The `d` of an SVG path that fills the dark modules.
    path: String,
    /// Width and height of its view box, with the quiet zone; a module is 1 by 1.
    size: usize,
}

impl Qr {
    /// `text` as a QR code; `None` where it is too long for one.
    pub(super) fn of(text: &str) -> Option<Self> {
        // The highest level still fits the smallest symbol with 17 digits.
        let code = QrCode::with_error_correction_level(text, EcLevel::H).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let (left, top, length) = (x + QUIET, y + QUIET, run.len());
                    let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        Some(Self { path, size: width + 2 * QUIET })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that the path fills, read back from its text.
    fn drawn(qr: &Qr) -> Vec<Vec<Color>> {
        let mut grid = vec![vec![Color::Light; qr.size]; qr.size];
        for run in qr.path.split('M').skip(1) {
            let numbers: Vec<usize> =
                run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            let &[x, y, length, 1, back] = numbers.as_slice() else { panic!("{run}") };
            assert_eq!(length, back);
            grid[y][x..x + length].fill(Color::Dark);
        }
        grid
    }

    #[test]
    fn the_path_fills_the_dark_modules_and_leaves_the_quiet_zone() {
        let qr = Qr::of("4071").unwrap_or_else(|| panic!("it fits"));
        let code = QrCode::with_error_correction_level("4071", EcLevel::H).unwrap_or_else(|e| panic!("{e}"));
        let grid = drawn(&qr);
        assert_eq!(qr.size, code.width() + 8);
        for (y, row) in grid.iter().enumerate() {
            for (x, color) in row.iter().enumerate() {
                let inside = (4..qr.size - 4).contains(&x) && (4..qr.size - 4).contains(&y);
                let wanted = if inside { code[(x - 4, y - 4)] } else { Color::Light };
                assert_eq!(*color, wanted, "at {x} {y}");
            }
        }
    }

    #[test]
    fn four_and_eight_digits_make_the_smallest_symbol() {
        for digits in ["0000", "40719", "99999999"] {
            assert_eq!(Qr::of(digits).map(|qr| qr.size), Some(21 + 8));
        }
    }
}
