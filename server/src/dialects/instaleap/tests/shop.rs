//! A shop that was set up: its house, two stores, and the calls that it makes.

use serde_json::{Value, json};

use crate::api::tests::house::{Answer, House};

/// Where the dialect lives.
pub(super) const ROOT: &str = "/api/instaleap";

/// The body of the source document, to the byte, but for its slot.
pub(super) const SAMPLE: &str = include_str!("sample.json");

/// A shop whose store `centro` has one place a slot, and `norte` plenty. It is noon in UTC, one o'clock in Madrid.
pub(super) struct Shop {
    pub(super) house: House,
}

impl Shop {
    /// Ready to be asked for slots.
    pub(super) async fn open() -> Self {
        let shop = Self { house: House::new().await };
        let fleet =
            json!({ "name": "Rápidos", "url": "https://fleet.example.com/hook", "token": "tell-no-one" });
        shop.ok("PUT /setup/fleets/rapidos", &fleet).await;
        shop.ok("PUT /setup/stores/centro", &store(1, "FULL_SERVICE", None)).await;
        shop.ok("PUT /setup/stores/norte", &store(50, "PICK_AND_DELIVERY", Some("rapidos"))).await;
        shop.ok("PUT /setup/stores/collect", &store(50, "PICK_AND_COLLECT", None)).await;
        shop
    }

    /// Calls as the manager; a body of `null` is none.
    pub(super) async fn call(&self, line: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.call_as(line, &self.house.manager, &body).await
    }

    /// Calls with a key (or none) and a body as it is.
    pub(super) async fn call_as(&self, line: &str, key: &str, body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
        let headers: &[(&str, &str)] = if key.is_empty() { &[] } else { &[("x-api-key", key)] };
        self.house.call(&format!("{method} {ROOT}{path}"), "", headers, body).await
    }

    /// The answer's body, which must be a good one.
    pub(super) async fn ok(&self, line: &str, body: &Value) -> Value {
        let answer = self.call(line, body).await;
        assert!(answer.status.is_success(), "{line}: {} {}", answer.status, answer.text);
        answer.json()
    }

    /// The status and code of an answer.
    pub(super) async fn code(&self, line: &str, body: &Value) -> (u16, String) {
        code(&self.call(line, body).await)
    }

    /// A slot of a store, the first that can be bought now.
    pub(super) async fn slot(&self, store: &str) -> String {
        self.slots(store).await.first().cloned().unwrap_or_else(|| panic!("no slot of {store}"))
    }

    /// The slots of a store.
    pub(super) async fn slots(&self, store: &str) -> Vec<String> {
        let slots = self.ok("POST /jobs/availability", &asked(store)).await;
        let ids = slots.as_array().into_iter().flatten().filter_map(|slot| slot.get("id")?.as_str());
        ids.map(str::to_owned).collect()
    }

    /// A job in the first slot of a store, with `more` in its body.
    pub(super) async fn job(&self, store: &str, more: &Value) -> String {
        let slot = self.slot(store).await;
        let made = self.ok("POST /jobs", &job(&slot, more)).await;
        made.get("job_id").and_then(Value::as_str).unwrap_or_else(|| panic!("{made}")).to_owned()
    }

    /// A job as it stands.
    pub(super) async fn shown(&self, job: &str) -> Value {
        self.ok(&format!("GET /jobs/{job}"), &Value::Null).await
    }

    /// Where a job stands.
    pub(super) async fn status(&self, job: &str) -> String {
        self.shown(job).await.get("status").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Reports an event of a job, as the carrier.
    pub(super) async fn happens(&self, job: &str, event: &Value) -> Answer {
        let line = format!("POST /jobs/{job}/events");
        self.call_as(&line, &self.house.carrier, &event.to_string()).await
    }

    /// Reports a status of the job's first task, as the fleet.
    pub(super) async fn fleet_says(&self, job: &str, status: &str, more: &Value) -> Answer {
        let report = with(&json!({ "task_id": format!("{job}.1"), "status": status }), more);
        self.call_as("POST /delivery-layer/status", &self.house.carrier, &report.to_string()).await
    }

    /// The digits of a job's code, as only the vault knows them.
    pub(super) async fn digits(&self, job: &str) -> String {
        let id = job.parse_id();
        let shipment = self.house.state.store.shipment(&id).await.ok().flatten();
        let shipment = shipment.unwrap_or_else(|| panic!("{job} is no shipment"));
        let code = shipment.handoff().code.as_ref().unwrap_or_else(|| panic!("{job} has no code"));
        self.house.state.vault.code(&code.drawn, &id).unwrap_or_else(|| panic!("the code does not open"))
    }
}

/// For texts that are tracking ids.
pub(super) trait ParseId {
    fn parse_id(&self) -> doorstep_model::id::TrackingId;
}

impl ParseId for str {
    fn parse_id(&self) -> doorstep_model::id::TrackingId {
        doorstep_model::id::TrackingId::parse(self).unwrap_or_else(|e| panic!("{e}"))
    }
}

/// The status and code of an answer.
pub(super) fn code(answer: &Answer) -> (u16, String) {
    let (status, code) = answer.at("/code");
    (status, code.as_str().unwrap_or_default().to_owned())
}

/// A store in Madrid, open all week.
pub(super) fn store(capacity: u32, model: &str, fleet: Option<&str>) -> Value {
    let mut store = json!({
        "name": "Centro",
        "zone": "Europe/Madrid",
        "address": { "address": "Gran Vía 1", "city": "Madrid", "zip_code": "28013",
            "latitude": 40.4203, "longitude": -3.7058 },
        "opening_hours": [{ "days": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"], "from": "09:00", "to": "21:00" }],
        "capacity_per_slot": capacity,
        "operational_model": model,
        "coverage": { "postal_codes": ["28001"], "radius_km": 5.0 },
    });
    if let Some(fleet) = fleet {
        store["fleet_id"] = json!(fleet);
    }
    store
}

/// What a shopper asks of a store.
pub(super) fn asked(store: &str) -> Value {
    json!({
        "store_reference": store,
        "destination": { "name": "Ana", "address": "Calle Mayor 2", "address_two": "3º B", "city": "Madrid",
            "zip_code": "28001", "latitude": 40.4160, "longitude": -3.7038 },
        "job_items": [
            { "id": "1234", "name": "Milk", "unit": "UN", "quantity": 2, "price": 1.5,
                "attributes": { "ean": "90008447" } },
            { "id": "99", "name": "Bread", "unit": "UN", "quantity": 1 },
        ],
    })
}

/// A job in a slot.
pub(super) fn job(slot: &str, more: &Value) -> Value {
    let plain = json!({
        "slot_id": slot,
        "client_reference": "ORDER-1",
        "recipient": { "name": "Ana María López", "email": "ana@example.com", "phone_number": "+34600112233" },
    });
    with(&plain, more)
}

/// `of` with the fields of `more`.
pub(super) fn with(of: &Value, more: &Value) -> Value {
    let mut of = of.clone();
    if let (Some(of), Some(more)) = (of.as_object_mut(), more.as_object()) {
        of.extend(more.clone());
    }
    of
}

/// `of` without what differs from run to run: what stands at a pointer is replaced by a name.
pub(super) fn blind<'a>(of: impl Into<Option<&'a Value>>, names: &[(&str, &str)]) -> Value {
    let mut of = of.into().cloned().unwrap_or_default();
    for (pointer, name) in names {
        if let Some(value) = of.pointer_mut(pointer) {
            *value = json!(name);
        }
    }
    of
}
