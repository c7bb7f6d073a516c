//! Proofs of delivery: a picture goes in and comes out to the recipient alone; the courier's photo is
//! confirmed or disowned in time.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_model::rules::{CodeWithContactless, Rules};

use super::guest::{Guest, decide};
use super::house::{Answer, House};
use crate::access::STEPPED_UP_MS;
use crate::store::MOST_PICTURE_BYTES;

/// Begins as a WebP file does; enough for us, who never decode one.
const PICTURE: &str = "RIFF\0\0\0\0WEBPVP8 <script>alert(1)</script>";

fn proof(reference: &str, media_type: &str, picture: &[u8]) -> String {
    let picture = STANDARD.encode(picture);
    let picture = format!(r#"{{"mediaType":"{media_type}","base64":"{picture}"}}"#);
    format!(r#"{{"kind":"photo","reference":"{reference}","place":"door 3","picture":{picture}}}"#)
}

async fn tell(house: &House, body: &str) -> Answer {
    house.call("POST /api/v1/shipments/T-1/proofs", &house.carrier, &[], body).await
}

#[tokio::test]
async fn a_picture_comes_out_as_it_went_in_to_the_recipient_alone() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    house.post("/shipments", r#"{"trackingId":"T-2"}"#).await;
    let told = tell(&house, &proof("p1", "image/webp", PICTURE.as_bytes())).await;
    assert_eq!(told.at("/proof"), (201, 1.into()), "{}", told.text);
    house.wait(Duration::from_secs(60));
    let again = tell(&house, &proof("p1", "image/webp", PICTURE.as_bytes())).await;
    assert_eq!(again.at("/proof"), (201, 1.into()), "a repeat is the same proof");
    let signature =
        tell(&house, r#"{"kind":"signature","reference":"p1","takenAt":"2026-11-21T11:00:00Z"}"#).await;
    assert_eq!(signature.at("/proof"), (201, 2.into()));

    let guest = Guest::enter(&house, "T-1").await;
    let (_, proofs) = guest.view().await.at("/proofs");
    assert_eq!(
        proofs,
        serde_json::json!([
            {"kind": "photo", "takenAt": "2026-11-21T12:00:00.000Z", "place": "door 3", "picture": true},
            {"kind": "signature", "takenAt": "2026-11-21T11:00:00.000Z", "picture": false},
        ])
    );
    let shown = guest.call("GET proofs/1", &[], "").await;
    assert_eq!((shown.status.as_u16(), shown.text.as_str()), (200, PICTURE));
    for (name, value) in [
        ("content-type", "image/webp"),
        ("content-disposition", "inline"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(shown.headers.get(name).and_then(|v| v.to_str().ok()), Some(value), "{name}");
    }
    for none in ["GET proofs/2", "GET proofs/3"] {
        assert_eq!(guest.call(none, &[], "").await.at("/code"), (404, "not_found".into()), "{none}");
    }
    for odd in ["GET proofs/0", "GET proofs/x", "GET proofs/4294967296"] {
        assert_eq!(guest.call(odd, &[], "").await.status, 400, "{odd}");
    }
    let line = "GET /api/v1/track/T-1/recipient/proofs/1";
    for key in ["", house.manager.as_str(), "x"] {
        assert_eq!(house.call(line, key, &[], "").await.at("/code"), (401, "session_needed".into()));
    }
    let foreign = Guest::enter(&house, "T-2").await;
    assert_eq!(foreign.call("GET proofs/1", &[], "").await.status, 404);
}

#[tokio::test]
async fn a_picture_that_comes_later_is_added_once() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    tell(&house, r#"{"kind":"photo","reference":"p1"}"#).await;
    let guest = Guest::enter(&house, "T-1").await;
    assert_eq!(guest.call("GET proofs/1", &[], "").await.status, 404);
    assert_eq!(
        tell(&house, &proof("p1", "image/webp", PICTURE.as_bytes())).await.at("/proof"),
        (201, 1.into())
    );
    assert_eq!(guest.call("GET proofs/1", &[], "").await.text, PICTURE);
    tell(&house, &proof("p1", "image/webp", b"RIFF\0\0\0\0WEBPother")).await;
    assert_eq!(guest.call("GET proofs/1", &[], "").await.text, PICTURE, "what was shown does not change");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_its_place() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    let located = async |body: &str| {
        let answer = tell(&house, body).await;
        assert!(!answer.text.contains("script"), "{}", answer.text);
        answer.at("/errors/0/pointer")
    };
    assert_eq!(located(&proof("p", "image/png", PICTURE.as_bytes())).await, (422, "/picture/base64".into()));
    assert_eq!(located(&proof("p", "image/svg+xml", b"<svg/>")).await, (422, "/picture/mediaType".into()));
    assert_eq!(located(&proof("p", "image/webp", b"<script>")).await, (422, "/picture/base64".into()));
    let odd = r#"{"kind":"photo","reference":"p","picture":{"mediaType":"image/webp","base64":"UklG*"}}"#;
    assert_eq!(located(odd).await, (422, "/picture/base64".into()));
    assert_eq!(located(r#"{"kind":"song","reference":"p"}"#).await, (422, "/kind".into()));
    let ahead = r#"{"kind":"photo","reference":"p","takenAt":"2026-11-23T12:00:00Z"}"#;
    assert_eq!(located(ahead).await, (422, "/takenAt".into()));

    let of_size = |size: usize| {
        let mut picture = PICTURE.as_bytes().to_vec();
        picture.resize(size, 0);
        proof("p", "image/webp", &picture)
    };
    assert_eq!(located(&of_size(MOST_PICTURE_BYTES + 1)).await, (422, "/picture/base64".into()));
    assert_eq!(tell(&house, &of_size(4 * 1024 * 1024)).await.at("/code"), (413, "body_too_large".into()));
    assert_eq!(house.get("/shipments/T-1").await.at("/proofs"), (200, serde_json::json!([])));
    assert_eq!(tell(&house, &of_size(MOST_PICTURE_BYTES)).await.status, 201, "the largest fits");
    let larger = house.post("/shipments", &of_size(MOST_PICTURE_BYTES)).await;
    assert_eq!(larger.status, 413, "other calls take no more than before");
    let stranger = house.call("POST /api/v1/shipments/T-1/proofs", &house.stranger, &[], odd).await;
    assert_eq!(stranger.status, 422, "what is wrong with a body says nothing of a shipment");
}

#[tokio::test]
async fn a_shipment_takes_so_many_proofs() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId":"T-1"}"#).await;
    for number in 1..=doorstep_model::handoff::MOST_PROOFS {
        let body = format!(r#"{{"kind":"document","reference":"p{number}"}}"#);
        assert_eq!(tell(&house, &body).await.at("/proof"), (201, number.into()));
    }
    let full = tell(&house, r#"{"kind":"document","reference":"more"}"#).await;
    assert_eq!(full.at("/code"), (422, "too_many_proofs".into()));
}

/// A delivery with a code that was left at the door and photographed.
async fn left_at_the_door() -> House {
    let house = House::new().await;
    let code_with_contactless = CodeWithContactless::ConfirmPhoto;
    decide(&house, Rules { code_with_contactless, ..Rules::default() }).await;
    let body = r#"{"trackingId":"T-1","code":{"digits":6},"contactless":{"handover":"at_door"},
        "events":[{"id":"1","status":"out_for_delivery"}]}"#;
    assert_eq!(house.post("/shipments", body).await.status, 201);
    assert_eq!(tell(&house, &proof("p1", "image/webp", PICTURE.as_bytes())).await.status, 201);
    house
}

#[tokio::test]
async fn confirming_the_photo_takes_the_place_of_the_code() {
    let house = left_at_the_door().await;
    let guest = Guest::proved(&house, "T-1").await;
    let asked = serde_json::json!({"proof": 1, "until": "2026-11-21T12:15:00.000Z"});
    assert_eq!(guest.view().await.at("/photoToConfirm"), (200, asked));
    let other = guest.call("POST photo", &[], r#"{"proof":2,"mine":true}"#).await;
    assert_eq!(other.at("/code"), (409, "no_proof".into()));
    house.wait(Duration::from_secs(14 * 60));
    let said = guest.call("POST photo", &[], r#"{"proof":1,"mine":true}"#).await;
    assert_eq!(said.at("/mine"), (200, true.into()), "{}", said.text);
    let view = guest.view().await.json();
    assert_eq!((&view["status"], &view["code"]["state"]), (&"delivered".into(), &"released".into()));
    let again = guest.call("POST photo", &[], r#"{"proof":1,"mine":true}"#).await;
    assert_eq!((again.status.as_u16(), again.text), (200, said.text), "a repeat");
    let otherwise = guest.call("POST photo", &[], r#"{"proof":1,"mine":false}"#).await;
    assert_eq!(otherwise.at("/code"), (409, "photo_too_late".into()));
    let (_, event) = house.get("/shipments/T-1").await.at("/events/1");
    assert_eq!((&event["status"], &event["source"]), (&"delivered".into(), &"recipient".into()));
}

#[tokio::test]
async fn disowning_the_photo_is_an_exception_that_says_why() {
    let house = left_at_the_door().await;
    let guest = Guest::proved(&house, "T-1").await;
    let said = guest.call("POST photo", &[], r#"{"proof":1,"mine":false}"#).await;
    assert_eq!(said.at("/mine"), (200, false.into()), "{}", said.text);
    let view = guest.view().await.json();
    assert_eq!((&view["status"], &view["next"]["action"]), (&"exception".into(), &"contact_sender".into()));
    let (_, note) = house.get("/shipments/T-1").await.at("/events/1/note");
    assert!(note.as_str().is_some_and(|note| note.contains("does not show")), "{note}");
}

#[tokio::test]
async fn after_the_minutes_it_is_too_late_to_answer() {
    let house = left_at_the_door().await;
    house.wait(Duration::from_millis(15 * 60 * 1_000 + 1));
    let guest = Guest::proved(&house, "T-1").await;
    let late = guest.call("POST photo", &[], r#"{"proof":1,"mine":true}"#).await;
    assert_eq!(late.at("/code"), (409, "photo_too_late".into()));
    assert_eq!(guest.view().await.at("/status"), (200, "out_for_delivery".into()));
}

#[tokio::test]
async fn who_has_not_proved_to_be_the_person_answers_for_no_photo() {
    let house = left_at_the_door().await;
    let guest = Guest::enter(&house, "T-1").await;
    assert_eq!(guest.view().await.at("/photoToConfirm/proof"), (200, 1.into()), "they see the question");
    for body in [r#"{"proof":1,"mine":true}"#, r#"{"proof":1,"mine":false}"#, "{"] {
        let refused = guest.call("POST photo", &[], body).await;
        assert_eq!(refused.at("/code"), (403, "step_up_needed".into()), "{body}");
    }
    let view = guest.view().await.json();
    assert_eq!((&view["status"], &view["photoToConfirm"]["proof"]), (&"out_for_delivery".into(), &1.into()));
    house.wait(Duration::from_secs(60));
    let proved = Guest::proved(&house, "T-1").await;
    house.wait(Duration::from_millis(u64::try_from(STEPPED_UP_MS).unwrap_or_default()));
    let refused = proved.call("POST photo", &[], r#"{"proof":1,"mine":true}"#).await;
    assert_eq!(refused.at("/code"), (403, "step_up_needed".into()), "a proof holds for a while only");
}
