//! Personal data leaves by the tenant's own calls only: a unique word in every personal field is in no
//! public answer, no problem, no log and no metric.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use super::guest::Guest;
use super::house::House;

/// All that is logged while it is held.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const SHIPMENT: &str = r#"{"trackingId":"C-1","reference":"canary-reference","origin":"canary-origin",
    "recipient":{"name":"canary-name","phone":"canary-phone","email":"canary-email","address":"canary-address"},
    "courier":{"name":"canary-courier","phone":"canary-courier-phone"},"comment":"canary-comment",
    "contactless":{"handover":"at_door","cashReceiver":"canary-cash","phone":"canary-cash-phone"},
    "events":[{"id":"1","status":"ready","note":"canary-note","place":"canary-place",
               "eta":{"window":{"kind":"unknown"},"cause":"canary-cause"}}]}"#;

/// The same with something wrong in each personal field.
const WRONG: &[&str] = &[
    r#"{"recipient":"canary-whole"}"#,
    r#"{"recipient":{"name":["canary-name"]}}"#,
    r#"{"recipient":{"name":{"canary":"canary"}}}"#,
    r#"{"recipient":{"canaryField":1,"phone":7}}"#,
    r#"{"courier":["canary-courier"],"origin":["canary-origin"],"reference":{"a":"canary"}}"#,
    r#"{"zone":"canary zone","promise":"canary, expected canary"}"#,
    r#"{"zone":"canary","trackingId":"canary id"}"#,
    r#"{"promise":{"day":"canary"},"events":[{"id":"canary canary","status":"canary","note":["canary"]}]}"#,
    r#"{"events":[{"id":"1","time":"canary","reason":"canary","movement":"canary","flags":{"set":["canary"]}}]}"#,
    r#"{"events":[{"id":"1","eta":{"window":{"kind":"canary"},"cause":["canary"],"confidence":"canary"}}]}"#,
    r#"{"recipient":{"name":"canary-name}"#,
    r#""canary-text""#,
];

#[tokio::test]
async fn a_canary_in_a_personal_field_leaves_by_the_tenants_own_calls_only() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    tracing::info!("the log is heard");
    let house = House::new().await;

    assert_eq!(house.post("/shipments", SHIPMENT).await.status, 201);
    let proof = r#"{"kind":"photo","reference":"canary-proof","place":"canary-proof-place",
        "picture":{"mediaType":"image/webp","base64":"UklGRgAAAABXRUJQ"}}"#;
    assert_eq!(house.post("/shipments/C-1/proofs", proof).await.status, 201);
    let own = house.get("/shipments/C-1").await;
    assert_eq!(own.text.matches("canary-").count(), 16, "the tenant sees all it told: {}", own.text);

    let mut public = vec![house.call("GET /api/v1/track/C-1", "", &[], "").await];
    public.push(house.call("GET /api/v1/shipments/C-1", &house.stranger, &[], "").await);
    public.push(house.post("/shipments", SHIPMENT).await);
    let guest = Guest::proved(&house, "C-1").await;
    let feed =
        guest.call("GET calendar", &[], "").await.json()["url"].as_str().unwrap_or_default().to_owned();
    let feed = house.call(&feed.replace("https://track.test", "GET "), "", &[], "").await;
    assert_eq!(feed.status, 200);
    public.push(feed);
    for (line, body) in [
        ("PUT comment", r#"{"value":["canary"],"edit":"canary canary"}"#),
        ("PUT contactless", r#"{"value":{"handover":"canary","cashReceiver":{"canary":1}},"edit":"e"}"#),
        ("POST photo", r#"{"proof":"canary","mine":"canary"}"#),
    ] {
        let refused = guest.call(line, &[("if-match", "\"1\"")], body).await;
        assert!(matches!(refused.status.as_u16(), 400 | 422), "{line}: {}", refused.text);
        public.push(refused);
    }
    let proof =
        r#"{"kind":"canary","reference":["canary"],"picture":{"mediaType":"canary","base64":"canary"}}"#;
    public.push(house.post("/shipments/C-1/proofs", proof).await);
    let key = [("idempotency-key", "k")];
    house.call("POST /api/v1/shipments", &house.manager, &key, "{}").await;
    let reused = SHIPMENT.replace("C-1", "C-2");
    public.push(house.call("POST /api/v1/shipments", &house.manager, &key, &reused).await);
    for wrong in WRONG {
        let answer = house.post("/shipments", wrong).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{wrong}: {}", answer.text);
        public.push(answer);
    }
    public.push(house.get("/shipments?status=canary&cursor=canary&limit=canary&updatedSince=canary").await);
    public.push(house.get("/shipments/canary%20id").await);
    for answer in public {
        // The one word that is told back is the name of a field, never its value.
        let told = answer.text.replace("canaryField", "");
        assert!(!told.contains("canary"), "{told}");
        assert!(!format!("{:?}", answer.headers).contains("canary"));
    }

    house.state.store.close().await;
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(logged.contains("the log is heard"));
    assert!(!logged.contains("canary-"), "{logged}");
    assert!(!logged.contains(&house.manager), "a key was logged");
}
