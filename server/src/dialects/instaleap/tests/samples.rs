//! The JSON sample of the source document goes in as it stands and comes out with the same keys and types.

use serde_json::Value;

use super::shop::{SAMPLE, Shop, blind};

/// The sample with another slot, to the byte otherwise.
fn sample(slot: &str) -> String {
    SAMPLE.replacen("\"slot_id\": \"string\"", &format!("\"slot_id\": \"{slot}\""), 1)
}

#[tokio::test]
async fn the_sample_is_taken_as_it_stands_and_given_back() {
    let shop = Shop::open().await;
    let slot = shop.slot("centro").await;
    let body = sample(&slot);
    let made = shop.call_as("POST /jobs", &shop.house.manager, &body).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    let job = made.at("/job_id").1.as_str().unwrap_or_default().to_owned();

    let shown = shop.shown(&job).await;
    let json = body.replace("additional_card_info\t", "additional_card_info\\t");
    let told: Value = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{e}"));
    for (name, value) in told.as_object().into_iter().flatten() {
        assert_eq!(shown.get(name), Some(value), "{name:?}");
    }
    assert!(told.get("additional_card_info\t").is_some(), "the source's own spelling is tested");
    insta::assert_json_snapshot!(blind(
        &shown,
        &[("/slot_id", "[slot]"), ("/slot/id", "[slot]"), ("/id", "[job]"), ("/job_id", "[job]")]
    ));
}

#[tokio::test]
async fn the_odd_key_is_taken_without_its_tab_too() {
    let shop = Shop::open().await;
    let body = sample(&shop.slot("norte").await).replace("additional_card_info\t", "additional_card_info");
    let made = shop.call_as("POST /jobs", &shop.house.manager, &body).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text);
    let job = made.at("/job_id").1.as_str().unwrap_or_default().to_owned();
    assert_eq!(shop.shown(&job).await.pointer("/additional_card_info/key"), Some(&Value::from("value")));
}

#[tokio::test]
async fn what_creates_a_job_is_answered_as_integrations_read_it() {
    let shop = Shop::open().await;
    let slots = shop.ok("POST /jobs/availability/v2", &super::shop::asked("centro")).await;
    insta::assert_json_snapshot!(blind(slots.get(0), &[("/id", "[slot]"), ("/slot_id", "[slot]")]));
    let slot = slots.pointer("/0/id").and_then(Value::as_str).unwrap_or_default();
    let made = shop.ok("POST /jobs", &super::shop::job(slot, &Value::Null)).await;
    insta::assert_json_snapshot!(blind(
        &made,
        &[
            ("/job_id", "[job]"),
            ("/id", "[job]"),
            ("/jobId", "[job]"),
            ("/recipient_url", "[secret]"),
            ("/tracking_url", "[url]")
        ]
    ));
}
