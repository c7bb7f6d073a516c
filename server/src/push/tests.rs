//! The parts of telling a device: keys, endpoints, what an answer means, what is news; and who waits for whom.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use http::StatusCode;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use tokio::net::TcpListener;

use super::answer::{self, Answer, MOST_TRIES};
use super::{Endpoint, Vapid, run};
use crate::api::tests::house::House;
use crate::outbound::Outbound;
use crate::store::pushes::{NewPush, PushName, Subscribed};
use crate::vault::Vault;

fn vapid(key: u8, at: &str) -> Vapid {
    let at = at.parse().unwrap_or_else(|e| panic!("{e}"));
    Vapid::of(&Vault::new([key; 32]), &at).unwrap_or_else(|e| panic!("{e:#}"))
}

fn claims(vapid: &Vapid, target: &str) -> serde_json::Value {
    let target = target.parse().unwrap_or_else(|e| panic!("{e}"));
    let now = Timestamp::from_millis(1_900_000_000_000);
    let value = vapid.authorization(&target, now).unwrap_or_else(|e| panic!("{e:#}"));
    let text = value.to_str().unwrap_or_default();
    let (token, key) = text.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).unwrap();
    assert_eq!(key, vapid.public_key());
    let point = URL_SAFE_NO_PAD.decode(key).unwrap();
    assert_eq!((point.len(), point[0]), (65, 4), "an uncompressed point");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_ec_der(&point);
    jsonwebtoken::decode(token, &key, &validation).unwrap_or_else(|e| panic!("{e}")).claims
}

#[test]
fn the_key_follows_from_the_secret_and_signs_for_one_push_service() {
    let ours = vapid(7, "https://track.example");
    assert_eq!(ours.public_key(), vapid(7, "http://localhost:1").public_key());
    assert_ne!(ours.public_key(), vapid(8, "https://track.example").public_key());
    let claims = claims(&ours, "https://push.example:8443/send/abc?x=1");
    assert_eq!(claims["aud"], "https://push.example:8443");
    assert_eq!(claims["sub"], "https://track.example");
    let hours = (claims["exp"].as_i64().unwrap() - 1_900_000_000) / 3_600;
    assert!((1..24).contains(&hours), "{hours}");
}

#[test]
fn whom_to_write_to_is_said_only_where_a_push_service_takes_it() {
    assert!(claims(&vapid(7, "http://127.0.0.1:1"), "https://push.example/a").get("sub").is_none());
}

#[test]
fn an_endpoint_is_public_by_tls_and_printed_without_its_secret() {
    let outbound = Outbound::new(Default::default()).unwrap_or_else(|e| panic!("{e:#}"));
    let parse = |text: &str| Endpoint::parse(text, &outbound);
    let one = parse("https://push.example/send/s3cret").unwrap();
    let shown = format!("{one:?}");
    assert!(shown.contains("push.example") && !shown.contains("s3cret"), "{shown}");
    assert_eq!(one.name(), parse("https://PUSH.example/send/s3cret").unwrap().name());
    assert_ne!(one.name(), parse("https://push.example/send/other").unwrap().name());
    let long = format!("https://push.example/{}", "a".repeat(1_024));
    for refused in [
        "",
        "push.example",
        "http://push.example/a",
        "ftp://push.example/a",
        "https://user:pw@push.example/",
        "https://push.example/#a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://10.1.2.3/a",
        "https://169.254.169.254/latest",
        &long,
    ] {
        let wrong = parse(refused).err().unwrap_or_else(|| panic!("{refused}"));
        assert!(refused.is_empty() || !wrong.contains(refused), "{wrong}");
    }
}

#[test]
fn what_a_push_service_answers_decides_what_becomes_of_a_device() {
    let read = |status: u16, after| answer::read(StatusCode::from_u16(status).unwrap(), after, 0);
    for taken in [200, 201, 202, 204] {
        assert_eq!(read(taken, None), Answer::Taken, "{taken}");
    }
    for gone in [403, 404, 410] {
        assert_eq!(read(gone, Some(5)), Answer::Gone, "{gone}");
    }
    for later in [301, 400, 401, 413, 429, 500, 503] {
        assert_eq!(read(later, None), Answer::Later(Duration::from_secs(15)), "{later}");
        assert_eq!(read(later, Some(90)), Answer::Later(Duration::from_secs(90)), "{later}");
    }
    assert_eq!(read(429, Some(0)), Answer::Later(Duration::from_secs(1)), "never at once");
    assert_eq!(read(429, Some(u64::MAX)), Answer::Later(Duration::from_secs(3_600)), "never for days");
}

#[test]
fn waiting_grows_and_has_an_end() {
    let waits: Vec<Duration> = (0..MOST_TRIES).map(answer::wait).collect();
    assert!(waits.is_sorted() && waits[0] == Duration::from_secs(15), "{waits:?}");
    let all: Duration = waits.iter().sum();
    assert!((3..6).contains(&(all.as_secs() / 3_600)), "{all:?}");
    assert_eq!(answer::wait(u32::MAX), Duration::from_secs(3_600));
}

#[tokio::test]
async fn a_slow_push_service_holds_nobody_else_back() {
    let mut house = House::new().await;
    let allowed = "127.0.0.0/8".parse().unwrap_or_else(|e| panic!("{e}"));
    house.state.push = Arc::new(Outbound::new(allowed).unwrap_or_else(|e| panic!("{e:#}")));
    let bind = async || TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    // Both take connections and say nothing; of the second it is enough that it is called.
    let (slow, well) = (bind().await, bind().await);
    let url = |service: &TcpListener| format!("http://{}/send", service.local_addr().unwrap());
    let subscribe = async |id: &TrackingId, device: u8, service: &TcpListener| {
        let endpoint = format!("{}/{device}", url(service));
        let new = NewPush {
            name: PushName([device; 16]),
            endpoint,
            at: house.state.clock.now(),
            sequence: 1,
            told: String::new(),
        };
        assert_eq!(house.state.store.subscribe(id, new).await.unwrap(), Subscribed::Kept);
    };
    let ids: Vec<_> = (0..8).map(|n| TrackingId::parse(&format!("S-{n}")).unwrap()).collect();
    for (n, id) in ids.iter().enumerate() {
        house.post("/shipments", &format!(r#"{{"trackingId": "{}"}}"#, id.as_str())).await;
        let last = n + 1 == ids.len();
        for device in 0..20 {
            subscribe(id, device, if last && device == 19 { &well } else { &slow }).await;
        }
        let happened = r#"{"id": "e1", "status": "in_transit"}"#;
        house.post(&format!("/shipments/{}/events", id.as_str()), happened).await;
    }
    let telling = tokio::spawn(run(house.state.clone()));
    let called = tokio::time::timeout(Duration::from_secs(60), well.accept()).await;
    assert!(called.is_ok(), "it waits behind the slow one");
    telling.abort();
}
