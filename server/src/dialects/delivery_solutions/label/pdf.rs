//! A label as PDF: one page of 4 by 6 inches, Helvetica as every reader has it, the codes as filled rectangles, so
//! that they stay sharp at whatever size.

use barcoders::sym::code128::Code128;
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
use qrcode::{Color, EcLevel, QrCode};

use super::Label;
use super::text::{fitted, latin};

/// The page, in points of 1/72 inch.
const WIDTH: f32 = 288.0;
const HEIGHT: f32 = 432.0;
const MARGIN: f32 = 14.0;

/// The most characters of a line of the addresses, in the smaller and the larger type.
const NARROW: usize = 46;
const WIDE: usize = 34;

/// The name of the font on the page.
const FONT: Name<'static> = Name(b"F");

/// The label; `None` where its number has no Code 128 or QR, which no tracking id brings about.
pub(super) fn draw(label: &Label) -> Option<Vec<u8>> {
    let content = page(label)?;
    let [catalog, pages, page, font, stream] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut on_page = pdf.page(page);
    on_page.parent(pages).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(stream);
    on_page.resources().fonts().pair(FONT, font);
    drop(on_page);
    let encoding = Name(b"WinAnsiEncoding");
    pdf.type1_font(font).base_font(Name(b"Helvetica")).encoding_predefined(encoding);
    pdf.stream(stream, &content.finish());
    Some(pdf.finish())
}

fn page(label: &Label) -> Option<Content> {
    let mut content = Content::new();
    let mut y = HEIGHT - MARGIN - 8.0;
    text(&mut content, MARGIN, y, 7.0, "FROM");
    for line in fitted(&label.from, NARROW) {
        y -= 11.0;
        text(&mut content, MARGIN, y, 9.0, &line);
    }
    y = HEIGHT - 132.0;
    content.rect(MARGIN, y + 12.0, WIDTH - 2.0 * MARGIN, 1.0).fill_nonzero();
    text(&mut content, MARGIN, y, 7.0, "TO");
    for line in fitted(&label.to, WIDE) {
        y -= 16.0;
        text(&mut content, MARGIN, y, 13.0, &line);
    }
    qr(&mut content, label.number.as_str(), MARGIN, 72.0, 78.0)?;
    text(&mut content, MARGIN + 90.0, 130.0, 9.0, &format!("Order {}", label.reference));
    text(&mut content, MARGIN + 90.0, 116.0, 9.0, &label.parcel);
    code_128(&mut content, label.number.as_str(), 26.0, 40.0)?;
    text(&mut content, MARGIN + 10.0, 12.0, 11.0, label.number.as_str());
    Some(content)
}

/// A line of text whose base line begins at `x`, `y`.
fn text(content: &mut Content, x: f32, y: f32, size: f32, line: &str) {
    // WinAnsiEncoding has these letters at their code points.
    let bytes: Vec<u8> =
        latin(line).chars().take(60).filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    content.begin_text().set_font(FONT, size).next_line(x, y).show(Str(&bytes)).end_text();
}

/// A Code 128 over the page's width, with the ten light modules on both sides that it needs (ISO/IEC 15417).
#[expect(clippy::cast_precision_loss, reason = "a few hundred modules")]
fn code_128(content: &mut Content, number: &str, y: f32, height: f32) -> Option<()> {
    // Character set B has every character of a tracking id.
    let modules = Code128::new(format!("\u{181}{number}")).ok()?.encode();
    let quiet = 10;
    let module = (WIDTH - 2.0) / (modules.len() + 2 * quiet) as f32;
    let mut at = quiet;
    for run in modules.chunk_by(|a, b| a == b) {
        if run.first() == Some(&1) {
            content.rect(1.0 + at as f32 * module, y, run.len() as f32 * module, height);
        }
        at += run.len();
    }
    content.fill_nonzero();
    Some(())
}

/// A QR code in a square of `side`, its lower left corner at `x`, `y`, with the four light modules around it that
/// it needs (ISO/IEC 18004).
#[expect(clippy::cast_precision_loss, reason = "a few hundred modules")]
fn qr(content: &mut Content, number: &str, x: f32, y: f32, side: f32) -> Option<()> {
    let code = QrCode::with_error_correction_level(number, EcLevel::M).ok()?;
    let (width, quiet) = (code.width(), 4);
    let module = side / (width + 2 * quiet) as f32;
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let left = x + (column + quiet) as f32 * module;
                let bottom = y + side - (row + quiet + 1) as f32 * module;
                content.rect(left, bottom, run.len() as f32 * module, module);
            }
            column += run.len();
        }
    }
    content.fill_nonzero();
    Some(())
}
