//! A fleet that speaks Instaleap's protocol: a real one on loopback is given a task, reports its way in order,
//! gives one back; what it is told when an order is cancelled or edited.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::simulated;
use crate::api::tests::house::Answer;
use crate::dialects::delivery_solutions::tests::shop::{Shop, order};
use crate::outbound::Outbound;

/// Which call, its key, its body.
type Told = (String, Option<String>, Value);

/// A fleet: remembers what it was told, and answers with the statuses that it was given, the last for ever.
#[derive(Clone, Default)]
pub(super) struct Fleet {
    told: Arc<Mutex<Vec<Told>>>,
    answers: Arc<Mutex<Vec<u16>>>,
    /// How long it takes to answer, in milliseconds.
    pub(super) pause: Arc<AtomicU64>,
}

impl Fleet {
    pub(super) async fn open(answers: &[u16]) -> (Self, String) {
        let fleet = Self { answers: Arc::new(Mutex::new(answers.to_vec())), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/tasks", post(Self::hear_creation))
            .route("/updates", post(Self::hear_update))
            .with_state(fleet.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (fleet, base)
    }

    async fn hear_creation(
        State(fleet): State<Self>,
        headers: HeaderMap,
        body: String,
    ) -> (StatusCode, String) {
        let answer = fleet.hear("creation", &headers, &body);
        tokio::time::sleep(Duration::from_millis(fleet.pause.load(Ordering::SeqCst))).await;
        answer
    }

    async fn hear_update(
        State(fleet): State<Self>,
        headers: HeaderMap,
        body: String,
    ) -> (StatusCode, String) {
        let answer = fleet.hear("update", &headers, &body);
        tokio::time::sleep(Duration::from_millis(fleet.pause.load(Ordering::SeqCst))).await;
        answer
    }

    fn hear(&self, what: &str, headers: &HeaderMap, body: &str) -> (StatusCode, String) {
        let key = headers.get("x-fleet-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
        self.told.lock().unwrap().push((what.to_owned(), key, serde_json::from_str(body).unwrap()));
        let mut answers = self.answers.lock().unwrap();
        let status =
            if answers.len() > 1 { answers.remove(0) } else { answers.first().copied().unwrap_or(200) };
        (StatusCode::from_u16(status).unwrap(), r#"{"message": "as you say"}"#.to_owned())
    }

    pub(super) fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// The kinds of what it was told, with the placement each is about.
    pub(super) fn heard(&self) -> Vec<(String, String)> {
        let heard = |(what, _, body): Told| {
            let kind = body["event_type"].as_str().unwrap_or(&what).to_owned();
            let task = body["task_id"].as_str().or(body["task"]["task_id"].as_str()).unwrap_or_default();
            (kind, task.rsplit(':').next().unwrap_or_default().to_owned())
        };
        self.told().into_iter().map(heard).collect()
    }

    /// Until it was told so often.
    pub(super) async fn has_heard(&self, times: usize) {
        while self.told().len() < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A shop that may call loopback and is served by a fleet there; `more` beside it.
pub(super) async fn shop(base: &str, more: &[Value]) -> Shop {
    let mut shop = Shop::open().await;
    shop.house.state.outbound = Arc::new(Outbound::new("127.0.0.0/8".parse().unwrap()).unwrap());
    shop.house.router = crate::dialects::router(shop.house.state.clone());
    let mut fleet = simulated("Fleet", 3.0);
    fleet["kind"] = json!({"type": "fleet", "url": format!("{base}/tasks"), "updateUrl": format!("{base}/updates"),
        "keyHeader": "x-fleet-key", "key": "s3cret"});
    let all: Vec<Value> = [fleet].iter().chain(more).cloned().collect();
    shop.served_by(&all).await;
    shop
}

pub(super) async fn report(shop: &Shop, task: &Value, status: &str) -> Answer {
    let body = json!({"task_id": task, "status": status,
        "delivery_info": {"name": "Bo Meyer", "phone": "+1 201-555-0100", "photo_url": "https://x.example/bo.jpg"}});
    shop.call_as("POST /delivery-layer/status", &shop.house.carrier, "", &body).await
}

#[tokio::test]
async fn a_fleet_is_given_the_task_and_moves_the_order() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    let placed = shop.place("A-1").await;
    assert_eq!(placed.at("/status"), (201, json!("ORDER_DISPATCHED")), "{}", placed.text);
    let (what, key, task) = fleet.told().remove(0);
    assert_eq!((what.as_str(), key.as_deref()), ("creation", Some("s3cret")));
    let fields = [
        "task_id",
        "job_number",
        "fleet_info",
        "client_id",
        "created_at",
        "shopper_web_url",
        "job_comment",
        "recipient",
        "origin",
        "destination",
        "job_items",
        "payment_info",
        "round_trip_info",
    ];
    assert!(fields.iter().all(|field| task.get(field).is_some()), "{task}");
    assert_eq!(task["job_number"], "A-1");
    assert_eq!(task["destination"]["zip_code"], "75206");
    assert_eq!(task["origin"]["address"], "345 Harrison Avenue");
    assert_eq!(task["recipient"]["phone_number"], "+1 201-555-5555");
    assert_eq!(placed.at("/trackingId"), (201, task["task_id"].clone()));

    let id = &task["task_id"];
    for (status, stands) in [
        ("PROCESSING", "ORDER_DISPATCHED"),
        ("ASSIGNED", "ORDER_ASSIGNED"),
        ("ASSIGNED", "ORDER_ASSIGNED"),
        ("ARRIVED_TO_STORE", "PICKUP_STARTED"),
        ("CONTACT_INFO_UPDATED", "PICKUP_STARTED"),
        ("GOING_TO_DESTINATION", "OUT_FOR_DELIVERY"),
        ("ARRIVED_TO_DESTINATION", "OUT_FOR_DELIVERY"),
        ("DELIVERED", "ORDER_DELIVERED"),
        ("DELIVERED", "ORDER_DELIVERED"),
    ] {
        let heard = report(&shop, id, status).await;
        assert_eq!(heard.at("/message"), (200, json!("STATUS_UPDATED")), "{status}: {}", heard.text);
        assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!(stands)), "{status}");
    }
    let (words, _) = shop.history("A-1").await;
    assert_eq!(
        words[2..],
        [
            "ORDER_DISPATCHED",
            "ORDER_ASSIGNED",
            "PICKUP_STARTED",
            "PICKUP_STARTED",
            "PICKUP_COMPLETED",
            "OUT_FOR_DELIVERY",
            "OUT_FOR_DELIVERY",
            "ORDER_DELIVERED"
        ]
    );
}

#[tokio::test]
async fn reports_that_do_not_follow_or_are_nobodys_are_refused() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    shop.place("A-1").await;
    let task = fleet.told()[0].2["task_id"].clone();
    assert_eq!(report(&shop, &task, "ARRIVED_TO_STORE").await.at("/type"), (409, json!("INVALID_OPERATION")));
    assert_eq!(report(&shop, &json!("nothing"), "ASSIGNED").await.at("/type"), (404, json!("NOT_FOUND")));
    assert_eq!(report(&shop, &task, "FLYING").await.at("/type"), (400, json!("VALIDATION_ERROR")));
    let bare = json!({"task_id": task, "status": "ASSIGNED"});
    let bare = shop.call_as("POST /delivery-layer/status", &shop.house.carrier, "", &bare).await;
    assert_eq!(bare.at("/type"), (400, json!("VALIDATION_ERROR")), "who drives must be said");
    let body = json!({"task_id": task, "status": "ASSIGNED", "delivery_info": {"name": "Bo"}});
    let foreign = shop.call_as("POST /delivery-layer/status", &shop.house.stranger, "", &body).await;
    assert_eq!(foreign.at("/type"), (404, json!("NOT_FOUND")));
    for (key, status) in [("", 403), ("ds_wrong", 401), (shop.house.reader.as_str(), 403)] {
        let answer = shop.call_as("POST /delivery-layer/status", key, "", &body).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
}

#[tokio::test]
async fn a_fleet_that_gives_a_task_back_is_followed_by_the_next_provider() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[simulated("Second", 9.0)]).await;
    assert_eq!(shop.place("A-1").await.at("/provider/name"), (201, json!("Fleet")));
    let task = fleet.told()[0].2["task_id"].clone();
    report(&shop, &task, "ASSIGNED").await;
    let body = json!({"task_id": task, "status": "CANCELLED", "status_reason": "van broke down"});
    let heard = shop.call_as("POST /delivery-layer/status", &shop.house.carrier, "", &body).await;
    assert_eq!(heard.status.as_u16(), 200, "{}", heard.text);
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_UNASSIGNED")));
    shop.works().await;
    assert_eq!(shop.shown("A-1").await.at("/provider/name"), (200, json!("Second")));
    let (words, notes) = shop.history("A-1").await;
    assert_eq!(words[3..], ["ORDER_ASSIGNED", "ORDER_UNASSIGNED", "ESTIMATES_RECEIVED", "ORDER_DISPATCHED"]);
    assert_eq!(notes[4], "Fleet gave it back: van broke down");
    assert!(notes[5].contains("Fleet (gave this order back)"), "{}", notes[5]);
    assert_eq!(report(&shop, &task, "DELIVERED").await.at("/type"), (409, json!("INVALID_OPERATION")));
    assert_eq!(report(&shop, &task, "CANCELLED").await.status.as_u16(), 200, "it says so again");
    assert_eq!(shop.shown("A-1").await.at("/provider/name"), (200, json!("Second")));
}

#[tokio::test]
async fn what_a_fleet_gave_back_is_with_nobody_until_another_takes_it() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let mut local = simulated("Local", 4.0);
    local["carries"] = json!({"postalCodes": ["752*"]});
    local["kind"]["placements"] = json!({"times": 1});
    let mut wide = simulated("Wide", 9.0);
    wide["carries"] = json!({"countries": ["US"]});
    let shop = shop(&base, &[local, wide]).await;
    shop.place("A-1").await;
    let task = fleet.told()[0].2["task_id"].clone();
    report(&shop, &task, "ASSIGNED").await;
    report(&shop, &task, "CANCELLED").await;
    let shown = shop.shown("A-1").await;
    assert_eq!(
        shown.at("/estimatedDeliveryTime/endsAt"),
        (200, json!(null)),
        "nobody promises that any more"
    );
    shop.works().await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("PENDING_AUTORETRY")));
    let listed = shop.call("POST /shipments/list", &json!({"orderExternalIds": ["A-1"]})).await;
    assert!(listed.text.contains("PENDING_AUTORETRY"), "{}", listed.text);
    let mut address = order("A-1")["deliveryAddress"].clone();
    address["postalCode"] = json!("10001");
    let edit = json!({"deliveryAddress": address, "package": {"name": "large"}});
    let edited = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(edited.at("/status"), (200, json!("PENDING_AUTORETRY")), "{}", edited.text);
    assert_eq!(edited.at("/warnings/0/type"), (200, json!("RETRY_FOLLOWS")));
    shop.after(60).await;
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/provider/name"), (200, json!("Wide")), "the other does not go there");
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DISPATCHED")));

    // Who gave it back does not take it again, so that nobody takes what only that one would.
    let mut mexico = address.clone();
    mexico["countryCode"] = json!("MX");
    let refused = shop.call("PUT /shipments/A-1", &json!({"deliveryAddress": mexico})).await;
    assert_eq!(refused.at("/type"), (422, json!("NO_PROVIDER_MATCHED")), "{}", refused.text);
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
}

#[tokio::test]
async fn the_same_task_is_told_again_under_its_name() {
    let (fleet, base) = Fleet::open(&[503, 409]).await;
    let shop = shop(&base, &[]).await;
    assert_eq!(shop.place("A-1").await.at("/status"), (201, json!("PENDING_AUTORETRY")));
    shop.after(60).await;
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")), "409: it has it");
    let told = fleet.told();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].2["task_id"], told[1].2["task_id"]);
}

#[tokio::test]
async fn whose_caller_was_killed_while_the_fleet_was_asked_is_told_under_the_same_name() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    fleet.pause.store(5_000, Ordering::SeqCst);
    let body = order("A-1");
    tokio::select! {
        answer = shop.call("POST /shipments", &body) => panic!("{}", answer.text),
        // The call is dropped, as by a kill: the fleet has the task, and nobody here has heard so.
        () = fleet.has_heard(1) => {}
    }
    assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ESTIMATES_RECEIVED")));
    fleet.pause.store(0, Ordering::SeqCst);
    shop.after(60).await;
    let shown = shop.shown("A-1").await;
    assert_eq!(shown.at("/status"), (200, json!("ORDER_DISPATCHED")));
    let tasks: Vec<Value> = fleet.told().into_iter().map(|(_, _, body)| body["task_id"].clone()).collect();
    assert_eq!(tasks, [shown.json()["trackingId"].clone(), shown.json()["trackingId"].clone()]);
}

#[tokio::test]
async fn how_a_fleet_answers_decides_what_the_client_is_answered() {
    for (status, answered) in [(422, "PLACE_ORDER_FAILED"), (302, "UNMAPPED_ERROR")] {
        let (_, base) = Fleet::open(&[status]).await;
        let shop = shop(&base, &[]).await;
        shop.sets_up("rules", &json!({"attempts": 1})).await;
        let answer = shop.place("A-1").await;
        assert_eq!(answer.at("/type"), (422, json!(answered)), "{status}");
        assert!(answer.text.contains("as you say"), "its own words: {}", answer.text);
    }
}

#[tokio::test]
async fn a_fleet_is_told_of_a_cancellation_and_of_an_edit_that_makes_it_another_task() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    shop.place("A-1").await;
    let edit = json!({"deliveryInstructions": "Ring twice"});
    let edited = shop.call("PUT /shipments/A-1", &edit).await;
    assert_eq!(edited.at("/status"), (200, json!("ORDER_DISPATCHED")), "{}", edited.text);
    assert_eq!(shop.call("DELETE /shipments/A-1", &json!(null)).await.status.as_u16(), 200);
    let told = fleet.told();
    let said: Vec<_> = told
        .iter()
        .map(|(what, _, body)| (what.as_str(), body["event_type"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(said, [("creation", ""), ("update", "TASK_RESET"), ("creation", ""), ("update", "CANCELLED")]);
    assert_ne!(told[0].2["task_id"], told[2].2["task_id"], "another task");
    assert_eq!(told[2].2["job_comment"], "Ring twice");
    assert_eq!(told[3].2["task"]["task_id"], told[2].2["task_id"]);
    let echo = report(&shop, &told[2].2["task_id"], "CANCELLED").await;
    assert_eq!(echo.status.as_u16(), 200, "it repeats what we told it: {}", echo.text);
}

#[tokio::test]
async fn whatever_a_fleet_was_told_it_is_told_anew_when_that_changes() {
    let (fleet, base) = Fleet::open(&[200]).await;
    let shop = shop(&base, &[]).await;
    shop.place("A-1").await;
    for (round, edit) in [
        (2, json!({"pickupInstructions": "Knock at the back"})),
        (3, json!({"pickupContact": {"name": "Lou", "phone": "+1 201-555-0177"}})),
        (4, json!({"orderValue": 12})),
    ] {
        assert_eq!(shop.call("PUT /shipments/A-1", &edit).await.status.as_u16(), 200, "{edit}");
        let last = fleet.heard().pop();
        assert_eq!(last, Some(("creation".to_owned(), format!("{round}-Fleet"))), "{edit}");
    }
    let told = fleet.told().len();
    shop.call("PUT /shipments/A-1", &json!({"groupId": "G"})).await;
    assert_eq!(fleet.told().len(), told, "what it is not told of does not concern it");
}

#[tokio::test]
async fn a_fleet_may_refuse_to_let_go() {
    for (status, answered) in
        [(409, (403, "CANCELLATION_NOT_ALLOWED")), (500, (422, "ORDER_CANCELLATION_FAILED"))]
    {
        let (_, base) = Fleet::open(&[200, status]).await;
        let shop = shop(&base, &[]).await;
        shop.place("A-1").await;
        let answer = shop.call("DELETE /shipments/A-1", &json!(null)).await;
        assert_eq!(answer.at("/type"), (answered.0, json!(answered.1)), "{status}");
        assert_eq!(shop.shown("A-1").await.at("/status"), (200, json!("ORDER_DISPATCHED")));
    }
}
