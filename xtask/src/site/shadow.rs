//! Turns the page's style sheet into one for a shadow root in somebody else's page: there is no root element
//! there, and neither that page's text size nor its window's width means anything to the widget. Works on
//! minified CSS, by its tokens; knows nothing of what the rules are for.

/// Tokens that somebody else's page may set, and the property by which it does. (`--accent` and `--font` ask for
/// theirs in the style sheet itself, since a page in a frame may be given them too.)
const OPEN: [(&str, &str); 6] = [
    ("ground", "ground"),
    ("surface", "surface"),
    ("ink", "ink"),
    ("ink-soft", "ink-soft"),
    ("line", "line"),
    ("radius", "card-radius"),
];

/// A `rem` of a media query, which no style sheet changes.
const MEDIUM: f64 = 16.0;

/// `page`, for a shadow root in which `.root` plays the root element and `.body` the body.
pub(super) fn of(page: &str) -> String {
    let mut out = String::with_capacity(page.len() * 5 / 4);
    let mut rest = page;
    while let Some(next) = rest.chars().next() {
        let before = out.chars().next_back();
        let (written, taken) = query(rest)
            .or_else(|| root(rest, before))
            .or_else(|| open(rest, before))
            .or_else(|| length(rest, before))
            .unwrap_or_else(|| (next.to_string(), next.len_utf8()));
        out.push_str(&written);
        rest = &rest[taken..];
    }
    out
}

/// A question about the window's width becomes one about the widget's own.
fn query(rest: &str) -> Option<(String, usize)> {
    let condition =
        rest.strip_prefix("@media(min-width:").or_else(|| rest.strip_prefix("@media(max-width:"))?;
    let value = condition.split(')').next()?;
    let pixels = value.strip_suffix("rem")?.parse::<f64>().ok()? * MEDIUM;
    let bound = &rest["@media".len()..rest.len() - condition.len()];
    Some((format!("@container {bound}{pixels}px"), rest.len() - condition.len() + value.len()))
}

/// The elements that a shadow root has none of.
fn root(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    if rest.starts_with(":root") {
        return Some((".root".to_owned(), ":root".len()));
    }
    let begins = matches!(before, None | Some('{' | '}' | ','));
    let stands_for = [("html", ".root"), ("body", ".body")];
    let (name, class) = stands_for.into_iter().find(|(name, _)| begins && rest.starts_with(name))?;
    matches!(rest[name.len()..].chars().next(), Some('{' | ',' | '[')).then(|| (class.to_owned(), name.len()))
}

/// What a token is where that page does not say otherwise.
fn open(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    let declaration = rest.strip_prefix("--").filter(|_| matches!(before, Some('{' | ';')))?;
    let (name, after) = declaration.split_once(':')?;
    let (_, property) = OPEN.iter().find(|(token, _)| *token == name)?;
    let value = after.split([';', '}']).next()?;
    let taken = "--".len() + name.len() + ":".len() + value.len();
    Some((format!("--{name}:var(--doorstep-{property},{})", of(value)), taken))
}

/// A length by that page's text size or by its window.
fn length(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '#');
    if before.is_some_and(is_name) {
        return None;
    }
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let unit = digits.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    let number = &rest[..rest.len() - unit.len()];
    let ends = |name: &str| unit.strip_prefix(name).is_some_and(|after| !after.starts_with(is_name));
    if number.is_empty() || number == "-" {
        None
    } else if ends("rem") {
        Some((format!("calc({number}*var(--rem))"), number.len() + "rem".len()))
    } else if ends("vw") {
        Some((format!("{number}cqi"), number.len() + "vw".len()))
    } else {
        Some((number.to_owned(), number.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_s_root_and_body_are_played() {
        assert_eq!(
            of(":root:lang(ar){--a:1}html{b:c}body{d:e}"),
            ".root:lang(ar){--a:1}.root{b:c}.body{d:e}"
        );
        assert_eq!(of(":root:not([data-theme=light]){a:b}"), ".root:not([data-theme=light]){a:b}");
        assert_eq!(of(".body-text,.html{a:body}"), ".body-text,.html{a:body}");
    }

    #[test]
    fn text_is_as_large_as_the_viewer_wants_it() {
        assert_eq!(of("p{margin:-.25rem 1rem}"), "p{margin:calc(-.25*var(--rem)) calc(1*var(--rem))}");
        assert_eq!(of("a{font:400 1rem/1.5 b}"), "a{font:400 calc(1*var(--rem))/1.5 b}");
        assert_eq!(of("a{b:calc(50% - .5rem) #4rem}"), "a{b:calc(50% - calc(.5*var(--rem))) #4rem}");
        assert_eq!(
            of("a{b:clamp(1.5rem,1.1rem + 2vw,3px)}"),
            "a{b:clamp(calc(1.5*var(--rem)),calc(1.1*var(--rem)) + 2cqi,3px)}"
        );
        assert_eq!(of(".premium-1rem{a:1px}"), ".premium-1rem{a:1px}");
    }

    #[test]
    fn width_is_the_widget_s_own() {
        assert_eq!(
            of("@media(min-width:40rem){a{b:1rem}}"),
            "@container (min-width:640px){a{b:calc(1*var(--rem))}}"
        );
        assert_eq!(of("@media(max-width:24rem){}"), "@container (max-width:384px){}");
        for kept in
            ["@media(prefers-color-scheme:dark){}", "@media print{}", "@media(forced-colors:active){}"]
        {
            assert_eq!(of(kept), kept);
        }
    }

    #[test]
    fn tokens_ask_the_page_around_first() {
        assert_eq!(
            of(":root{--ground:#fff;--radius:1rem}"),
            ".root{--ground:var(--doorstep-ground,#fff);--radius:var(--doorstep-card-radius,calc(1*var(--rem)))}"
        );
        assert_eq!(of(":root{--text:1;a:var(--ground)}"), ".root{--text:1;a:var(--ground)}");
    }
}
