//! Hostile comments: refused clearly, or kept as the text they are, through every door that takes one.

use axum::body::Body;

use super::guest::Guest;
use super::house::{House, request};

/// What is taken: as it is written in JSON, and the text that it is.
const TAKEN: &[(&str, &str)] = &[
    (r#""<img src=x onerror=alert(1)>""#, "<img src=x onerror=alert(1)>"),
    (r#""</script><script>alert(1)</script><!--""#, "</script><script>alert(1)</script><!--"),
    (r#""'; DROP TABLE shipment; --""#, "'; DROP TABLE shipment; --"),
    (r#""{{7*7}} ${7*7} %0d%0aSet-Cookie: a=b""#, "{{7*7}} ${7*7} %0d%0aSet-Cookie: a=b"),
    (r#""a\r\nEND:VCALENDAR\r\nb\tc""#, "a  END:VCALENDAR  b c"),
    (r#""safe \u202egnp.exe \u2066x\u2069""#, "safe gnp.exe x"),
    (r#""nul\u0000 bell\u0007 escape\u001b[31m""#, "nul bell escape[31m"),
    (r#""\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67""#, "👨\u{200d}👩\u{200d}👧"),
    (r#""مرحبا، الطابق الثالث""#, "مرحبا، الطابق الثالث"),
];

#[tokio::test]
async fn a_hostile_comment_is_the_text_it_is_by_every_door() {
    for (sent, kept) in TAKEN {
        let house = House::new().await;
        let body = format!(r#"{{"trackingId":"T-1","comment":{sent}}}"#);
        assert_eq!(
            house.post("/shipments", &body).await.at("/preferences/comment/value"),
            (201, (*kept).into())
        );
        let guest = Guest::enter(&house, "T-1").await;
        assert_eq!(guest.edit("comment", 1, "a", sent).await.at("/value"), (200, (*kept).into()), "{sent}");
        assert_eq!(guest.view().await.at("/preferences/comment/value"), (200, (*kept).into()));
        let line = "PUT /api/v1/shipments/T-1/comment";
        let body = format!(r#"{{"value":{sent},"edit":"b"}}"#);
        let staff = house.call(line, &house.manager, &[("if-match", "\"2\"")], &body).await;
        assert_eq!(staff.at("/value"), (200, (*kept).into()));
        let feed =
            guest.call("GET calendar", &[], "").await.json()["url"].as_str().unwrap_or_default().to_owned();
        let path = feed.strip_prefix("https://track.test").unwrap_or_else(|| panic!("{feed}"));
        let feed = house.call(&format!("GET {path}"), "", &[], "").await;
        assert_eq!(feed.status, 200);
        assert_eq!(feed.text.matches("END:VCALENDAR").count(), 1, "{}", feed.text);
        let start: String = kept.chars().take(5).collect();
        assert!(!feed.text.contains(&start), "a comment in a calendar: {}", feed.text);
    }
}

#[tokio::test]
async fn people_count_families_as_one() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
    let fits = guest.edit("comment", 0, "a", &format!("\"{}\"", family.repeat(500))).await;
    assert_eq!(fits.status, 200, "{:.300}", fits.text);
    for long in [family.repeat(501), "x".repeat(501), "e\u{301}".repeat(501)] {
        let refused = guest.edit("comment", 1, "b", &format!("\"{long}\"")).await;
        assert_eq!(refused.at("/errors/0/pointer"), (422, "/value".into()), "{:.300}", refused.text);
        let start: String = long.chars().take(5).collect();
        assert!(!refused.text.contains(&start), "{:.300}", refused.text);
    }
    // One base letter under thousands of marks is one character to count, and a heap to draw.
    let tower = guest.edit("comment", 1, "c", &format!("\"e{}\"", "\u{301}".repeat(5_000))).await;
    assert_eq!(tower.at("/errors/0/pointer"), (422, "/value".into()), "{:.300}", tower.text);
}

#[tokio::test]
async fn what_cannot_be_a_comment_is_refused_clearly() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    for (value, status, pointer) in [
        (r#""""#, 422, "/value"),
        (r#"" \u202e\u0000 ""#, 422, "/value"),
        ("7", 400, "/value"),
        (r#"["x"]"#, 400, "/value"),
        (r#"{"text":"x"}"#, 400, "/value"),
    ] {
        let answer = guest.edit("comment", 0, "a", value).await;
        assert_eq!(answer.at("/errors/0/pointer"), (status, pointer.into()), "{value}: {}", answer.text);
    }
    for surrogate in [r#""\ud83d x""#, r#""\ude00""#, r#""\ud83d\ud83d""#] {
        let answer = guest.edit("comment", 0, "a", surrogate).await;
        let (status, detail) = answer.at("/detail");
        assert_eq!(status, 400, "{surrogate}");
        assert!(detail.as_str().is_some_and(|detail| detail.contains("line 1 column")), "{}", answer.text);
    }
    let huge = format!(r#"{{"edit":"e","value":"{}"}}"#, "x".repeat(10 * 1024 * 1024));
    let answer = guest.call("PUT comment", &[("if-match", "\"0\"")], &huge).await;
    assert_eq!(answer.at("/code"), (413, "body_too_large".into()));
    let line = "PUT /api/v1/shipments/T-1/comment";
    let raw = Body::from(b"{\"value\":\"\xff\xfe\",\"edit\":\"e\"}".to_vec());
    let answer = house.ask(request(line, &house.manager, &[("if-match", "\"0\"")], raw)).await;
    assert_eq!(answer.at("/code"), (400, "malformed_body".into()));
    assert_eq!(guest.view().await.at("/preferences"), (200, serde_json::json!({})), "nothing of it was kept");
}
