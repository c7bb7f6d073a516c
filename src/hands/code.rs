//! A revealed code. Nothing here writes it down, and printing it shows no digit; that it stays readable after
//! the page was left is the affair of `public/phone/keep.js`.

/// The code as it was revealed.
#[derive(Clone, serde::Deserialize)]
pub(crate) struct Code {
    /// Its digits.
    pub(crate) code: String,
    /// Which of the codes drawn; another one makes it void.
    pub(crate) version: u32,
    /// The same for a scanner.
    pub(crate) qr: Qr,
    /// Whether it is to be seen now.
    #[serde(skip)]
    pub(crate) seen: bool,
    /// Counts how often it was shown, so that the end of one minute does not hide the next.
    #[serde(skip)]
    pub(crate) shows: u32,
}

/// A QR code as the shape of its dark modules.
#[derive(Clone, serde::Deserialize)]
pub(crate) struct Qr {
    /// SVG path data.
    pub(crate) path: String,
    /// Modules on a side, with the empty ones around it that a scanner needs.
    pub(crate) size: u32,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}
