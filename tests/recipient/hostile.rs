//! Hostile comments: refused clearly, or kept as the text they are.

use anyhow::{Result, ensure};
use harness::api::ask;
use harness::recipient::Recipient;
use serde_json::{Value, json};

use crate::House;

/// What is taken: as sent, and as it must come back.
const TAKEN: [(&str, &str); 9] = [
    ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ("</script><script>alert(1)</script>", "</script><script>alert(1)</script>"),
    ("{{7*7}} ${7*7} %0d%0aSet-Cookie: a=b", "{{7*7}} ${7*7} %0d%0aSet-Cookie: a=b"),
    ("safe \u{202E}gnp.exe", "safe gnp.exe"),
    ("nul\u{0}s and bell\u{7}", "nuls and bell"),
    ("two\r\nlines\tand a tab", "two  lines and a tab"),
    ("👨‍👩‍👧‍👦 at home", "👨‍👩‍👧‍👦 at home"),
    ("مرحبا، الطابق الثالث", "مرحبا، الطابق الثالث"),
    ("'; DROP TABLE shipment; --", "'; DROP TABLE shipment; --"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_comment_is_text_everywhere() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("HOSTILE", json!({"events": [{"id": "1", "status": "confirmed"}]})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("HOSTILE").await?).await?;
    for (version, (sent, kept)) in TAKEN.into_iter().enumerate() {
        let saved = recipient.comment(sent, u32::try_from(version)?, &format!("e{version}")).await?;
        ensure!(saved.status == 200 && saved.json()["value"] == kept, "{sent:?}: {saved:?}");
        let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
        ensure!(view["preferences"]["comment"]["value"] == kept, "{sent:?}: {view}");
        let courier = house.carrier.get("/shipments/HOSTILE").await?.1;
        ensure!(courier["preferences"]["comment"]["value"] == kept, "{sent:?}: {courier}");
        // The page with the session holds it as JSON that ends no element.
        let cookie = recipient.cookie().to_owned();
        let page = ask(&house.server.url(""), "GET /t/HOSTILE", &[("cookie", &cookie)], Vec::new()).await?;
        ensure!(!page.text.contains("<img src=x") && !page.text.contains("<script>alert"), "{}", page.text);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_comment_is_refused_clearly() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("REFUSED", json!({})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("REFUSED").await?).await?;
    let family = "👨‍👩‍👧‍👦".repeat(501);
    for (what, value, expected) in [
        ("501 letters", json!("x".repeat(501)), 422),
        ("501 families", json!(family), 422),
        ("only blanks", json!(" \u{202E}\u{0} "), 422),
        ("a number", json!(7), 400),
        ("a list", json!(["x"]), 400),
    ] {
        let answer = recipient
            .call("PUT /recipient/comment", &[("if-match", "\"0\"")], &json!({"value": value, "edit": "e"}))
            .await?;
        ensure!([400, 422].contains(&answer.status), "{what}: {answer:?}");
        ensure!(answer.json()["errors"][0]["pointer"] == "/value", "{what} ({expected}): {}", answer.text);
    }
    let raw = |body: &[u8]| body.to_vec();
    let mut huge = raw(b"{\"edit\":\"e\",\"value\":\"");
    huge.resize(10 * 1024 * 1024, b'x');
    huge.extend_from_slice(b"\"}");
    let cookie = recipient.cookie().to_owned();
    let headers = [
        ("cookie", cookie.as_str()),
        ("x-doorstep", "1"),
        ("content-type", "application/json"),
        ("if-match", "\"0\""),
    ];
    for (what, body, expected) in [
        ("a lone surrogate", raw(br#"{"value":"\ud83d x","edit":"e"}"#), 400),
        ("no UTF-8", raw(b"{\"value\":\"\xff\xfe\",\"edit\":\"e\"}"), 400),
        ("cut off", raw(br#"{"value":"x"#), 400),
        ("10 MB", huge, 413),
    ] {
        let line = "PUT /api/v1/track/REFUSED/recipient/comment";
        let answer = ask(&house.server.url(""), line, &headers, body).await?;
        ensure!(answer.status == expected, "{what}: {} {}", answer.status, answer.text);
        ensure!(answer.json()["code"].is_string(), "{what}: {}", answer.text);
    }
    let view = recipient.call("GET /recipient", &[], &Value::Null).await?.json();
    ensure!(view["preferences"]["comment"].is_null(), "nothing of it was kept: {view}");
    // 500 families are 500 characters, as people count.
    let fits = recipient.comment(&"👨‍👩‍👧‍👦".repeat(500), 0, "fits").await?;
    ensure!(fits.status == 200, "{}", fits.text.chars().take(300).collect::<String>());
    Ok(())
}
