//! How far two colours stand apart for the eye, and how a shop's own is brought to where it can be read.
//! Knows nothing of pages; their grounds are given.

/// A colour by its red, green and blue.
pub type Rgb = [u8; 3];

/// What WCAG 2.2 (1.4.3) asks for text of any size.
pub const READABLE: f64 = 4.5;

/// The contrast ratio of two colours (WCAG 2.2, "contrast ratio"), 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `colour` if it can be read on `ground`, and otherwise the nearest of its shades towards black, or white on a
/// dark ground, that can.
pub fn readable(colour: Rgb, ground: Rgb) -> Rgb {
    /// How finely shades are tried.
    const STEPS: u32 = 100;
    let end = if luminance(ground) > 0.18 { 0 } else { u8::MAX };
    let shade = |step: u32| colour.map(|part| mixed(part, end, step, STEPS));
    (0..=STEPS).map(shade).find(|shade| contrast(*shade, ground) >= READABLE).unwrap_or([end; 3])
}

fn mixed(from: u8, to: u8, step: u32, steps: u32) -> u8 {
    let sum = u32::from(from) * (steps - step) + u32::from(to) * step;
    u8::try_from(sum / steps).unwrap_or(to)
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHITE: Rgb = [255; 3];
    const BLACK: Rgb = [0; 3];

    #[test]
    fn ratios_are_those_of_the_standard() {
        assert!((contrast(WHITE, BLACK) - 21.0).abs() < 1e-9);
        assert!((contrast(BLACK, BLACK) - 1.0).abs() < 1e-9);
        // The grey that is known to be the last one readable on white.
        assert!(contrast([0x76; 3], WHITE) >= READABLE && contrast([0x77; 3], WHITE) < READABLE);
    }

    proptest! {
        #[test]
        fn any_colour_becomes_readable_and_a_readable_one_stays(colour: Rgb) {
            for ground in [[0xf4, 0xf6, 0xf8], [0x18, 0x20, 0x27], WHITE, BLACK] {
                let shown = readable(colour, ground);
                prop_assert!(contrast(shown, ground) >= READABLE, "{colour:?} on {ground:?}: {shown:?}");
                prop_assert_eq!(readable(shown, ground), shown);
            }
        }
    }
}
