//! The pages as they leave the building, held against snapshots, and what nobody may write into them.

use axum::body::to_bytes;
use doorstep_model::time::Timestamp;

use super::framing::Framing;
use super::shell::{Assets, Widget};
use super::*;
use crate::clock::Clock;
use crate::language::Language;

fn view(source_word: &str) -> PublicView {
    let json = serde_json::json!({
        "trackingId": "DEMO-1", "sequence": 7, "status": "out_for_delivery",
        "since": "2026-11-21T10:05:00Z", "step": "on_the_way", "flags": ["delayed"],
        "reason": "vehicle", "zone": "Europe/Madrid",
        "eta": { "day": "2026-11-21", "asOf": "2026-11-21T10:05:00Z" }, "promised": "2026-11-20",
        "history": [
            { "status": "created" },
            { "time": "2026-11-20T07:30:00Z", "status": "in_transit", "sourceWord": source_word, "language": "en" },
            { "time": "2026-11-21T10:05:00Z", "status": "out_for_delivery", "reason": "vehicle" },
        ],
        "heardAt": "2026-11-21T10:05:00Z",
    });
    serde_json::from_value(json).unwrap_or_else(|e| panic!("{e}"))
}

fn assets() -> Assets {
    Assets {
        hosted: Some(widget("/assets/a")),
        framed: Some(widget("/assets/embed")),
        personal: Some(widget("/assets/embed-recipient")),
        words: [("en".to_owned(), "/assets/en.txt".to_owned())].into(),
        style: "a>b{}".to_owned(),
    }
}

fn widget(name: &str) -> Widget {
    Widget { script: format!("{name}.js"), wasm: format!("{name}.wasm") }
}

fn chosen(language: Language) -> Chosen {
    Chosen { language, asked: false }
}

fn render(body: &Body<'_>, assets: &Assets) -> String {
    // A line an element, so that a difference can be read.
    shell::page("Title", chosen(Language::English), body, assets, None, None)
        .into_string()
        .replace("><", ">\n<")
}

fn shipment_page(source_word: &str, language: Language) -> String {
    let now = Timestamp::parse("2026-11-21T12:00:00Z").unwrap_or_else(|e| panic!("{e}"));
    let view = view(source_word);
    let times = ViewerTimes::new(&Clock::from_fn(move || now), &view.zone, language);
    let screen = Screen::public(&view, &language.catalogue(), &times);
    render(&Body::Shipment(&view, &screen), &assets())
}

#[test]
fn a_shipment() {
    insta::assert_snapshot!(shipment_page("IN_HUB", Language::English));
}

#[test]
fn a_shipment_read_in_the_united_states() {
    let html = shipment_page("IN_HUB", Language::EnglishUs);
    assert!(html.contains("11:05\u{202f}AM</time>"), "{html}");
    assert!(html.contains("<h3>Saturday, November 21 (today)</h3>"), "{html}");
}

#[test]
fn what_a_source_writes_is_text_and_nothing_else() {
    let html = shipment_page("</script><img src=x onerror=alert(1)>&\"'", Language::English);
    assert!(html.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;&quot;"), "{html}");
    assert!(html.contains(r"\u003c/script>\u003cimg"), "{html}");
    assert_eq!(html.matches("<img").count() + html.matches("</script").count(), 2, "{html}");
}

#[test]
fn the_view_in_the_page_is_the_view() {
    let word = "</script><b>";
    let html = shipment_page(word, Language::English);
    let json = html
        .split_once("application/json\">")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map(|(json, _)| json);
    let read: PublicView = serde_json::from_str(json.unwrap_or_default()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(read, view(word));
}

#[test]
fn no_page_has_anything_inline_that_the_policy_forbids() {
    let pages = [
        shipment_page("IN_HUB", Language::English),
        render(&Body::Home { typed: "x", wrong: Some("y") }, &assets()),
        render(&Body::Notice(NoticeKind::Error), &assets()),
    ];
    for page in pages {
        for forbidden in [" style=", " onclick=", " onsubmit=", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
    }
}

#[test]
fn the_form_with_what_was_typed_and_what_is_wrong() {
    insta::assert_snapshot!(render(
        &Body::Home { typed: "\"><script>", wrong: Some("No number.") },
        &assets()
    ));
}

#[test]
fn each_notice() {
    let without_scripts = Assets {
        hosted: None,
        framed: None,
        personal: None,
        words: Default::default(),
        style: String::new(),
    };
    let mut pages = String::new();
    for kind in [NoticeKind::NotFound, NoticeKind::Missing, NoticeKind::Busy, NoticeKind::Error] {
        let html = render(&Body::Notice(kind), &without_scripts);
        let body = html.split_once("<body>").map(|(_, body)| body.to_owned());
        pages.push_str(&body.unwrap_or_default());
        pages.push_str("\n\n");
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn a_page_in_a_frame_loads_the_widget_without_a_router_and_leads_out_of_it() {
    let page = |framing: Option<&Framing>| {
        let body = Body::Notice(NoticeKind::NotFound);
        shell::page("Title", chosen(Language::English), &body, &assets(), framing, None).into_string()
    };
    let framed = page(Some(&Framing::default()));
    assert!(framed.contains("src=\"/assets/embed.js\"") && framed.contains("href=\"/assets/embed.wasm\""));
    assert!(!framed.contains("/assets/a."), "{framed}");
    assert!(framed.contains("<a class=\"button\" href=\"/\" target=\"_blank\">"), "{framed}");
    let personal = page(Some(&Framing { personal: true, ..Framing::default() }));
    assert!(personal.contains("/assets/embed-recipient.js"), "{personal}");
    assert!(personal.contains("/assets/embed-recipient.wasm") && !personal.contains("/assets/embed."));
    let hosted = page(None);
    assert!(hosted.contains("/assets/a.js") && hosted.contains("/assets/a.wasm"), "{hosted}");
    assert!(!hosted.contains("/assets/embed.") && !hosted.contains("_blank"), "{hosted}");
}

async fn found(typed: &str) -> Response {
    find(Ok(Query(Find { id: typed.to_owned() })), chosen(Language::English)).await
}

#[tokio::test]
async fn a_number_that_was_typed_leads_to_its_page() {
    let response = found(" Demo-1 ").await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/t/Demo-1");
    let asked = Chosen { language: Language::German, asked: true };
    let response = find(Ok(Query(Find { id: "Demo-1".to_owned() })), asked).await;
    assert_eq!(response.headers()[header::LOCATION], "/t/Demo-1?lang=de", "the language goes along");
}

#[tokio::test]
async fn what_is_no_number_comes_back_with_the_reason() {
    for typed in ["", "a b", "../x", "//evil.example"] {
        let response = found(typed).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        assert!(!response.headers().contains_key(header::LOCATION));
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap_or_default();
        let html = String::from_utf8_lossy(&body);
        assert!(
            html.contains("aria-invalid=\"true\"") && html.contains(&format!("value=\"{typed}\"")),
            "{html}"
        );
    }
}

#[tokio::test]
async fn a_page_says_what_may_run_and_is_kept_by_nobody() {
    let response = notice(NoticeKind::NotFound, chosen(Language::English));
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let header = |name: &str| response.headers()[name].to_str().unwrap_or_default().to_owned();
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("vary"), "accept-language");
}
