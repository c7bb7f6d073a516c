//! Recipients with sessions for tests: what is on file about them is put straight into the store, so that a
//! test of what a session can do depends on nothing that opens one.

use doorstep_model::code::{DeliveryCode, Digits, Drawn};
use doorstep_model::handoff::Handoff;
use doorstep_model::id::TrackingId;
use doorstep_model::person::Recipient;
use doorstep_model::shipment::Details;
use doorstep_model::text::{Address, Email, PersonName, Phone};
use doorstep_model::time::Zone;
use serde_json::Value;

use super::house::{Answer, House};
use crate::access::{NewSession, Secret, TenantSettings};
use crate::identity::TenantId;
use crate::store::{Creation, NewShipment};
use crate::vault::{Purpose, Vault};

/// The delivery code of every shipment here; as long as codes get, so that it is found wherever it is.
pub(super) const CODE: &str = "83920175";

/// As long, and wrong.
pub(super) const WRONG: &str = "83920174";

/// The end of the phone on file.
pub(super) const PHONE_END: &str = "3456";

/// The tenant that all shipments here are of.
pub(super) async fn shop(house: &House) -> TenantId {
    let name = "shop".parse().unwrap_or_else(|e| panic!("{e}"));
    let tenant = house.state.store.tenant_by_name(&name).await.unwrap_or_else(|e| panic!("{e}"));
    tenant.unwrap_or_else(|| panic!("there is a shop"))
}

/// What is on file.
pub(super) fn person() -> Recipient {
    Recipient {
        name: PersonName::parse("Ana Vega").ok(),
        phone: Phone::parse("+34 600 12-34-56").ok(),
        email: Email::parse("ana@home.example").ok(),
        address: Address::parse("Calle Mayor 7, 28013 Madrid").ok(),
    }
}

/// [`CODE`], sealed by `vault` for that shipment.
pub(super) fn drawn(vault: &Vault, id: &str) -> Drawn {
    let sealed = vault.seal(Purpose::DeliveryCode, &tracking_id(id).key(), CODE.as_bytes());
    let sealed = sealed.unwrap_or_else(|e| panic!("{e}"));
    Drawn { digits: Digits::new(8).unwrap_or_else(|e| panic!("{e}")), sealed, salt: [9; 16] }
}

fn tracking_id(id: &str) -> TrackingId {
    TrackingId::parse(id).unwrap_or_else(|e| panic!("{e}"))
}

/// Makes a shipment known, for somebody, with a code.
pub(super) async fn ship(house: &House, id: &str) {
    ship_to(house, id, person(), Some(drawn(&house.state.vault, id))).await;
}

/// Makes a shipment known, for `recipient`, with a code or without.
pub(super) async fn ship_to(house: &House, id: &str, recipient: Recipient, code: Option<Drawn>) {
    let tracking_id = tracking_id(id);
    let code = code.map(DeliveryCode::new);
    let details = Details {
        recipient,
        handoff: Handoff { code, ..Handoff::default() },
        ..Details::in_zone(Zone::parse("Europe/Madrid").unwrap_or_else(|e| panic!("{e}")))
    };
    let created_at = house.state.clock.now();
    let new = NewShipment { tracking_id, details, created_at, events: Vec::new(), once: None };
    let made = house.state.store.create_shipment(shop(house).await, new).await;
    assert!(matches!(made, Ok(Creation::Created(_))));
}

/// Opens a session and gives its token.
pub(super) async fn session(house: &House, id: &str) -> String {
    let secret = Secret::random().unwrap_or_else(|e| panic!("{e}"));
    let new = NewSession { token: secret.hash(), at: house.state.clock.now(), stepped_up_until: None };
    let opened = house.state.store.open_session(shop(house).await, &tracking_id(id), new).await;
    assert!(opened.is_ok_and(|session| session.is_some()));
    secret.reveal().to_owned()
}

/// A session whose holder has just proved that they are the person.
pub(super) async fn proved(house: &House, id: &str) -> String {
    let token = session(house, id).await;
    let answer = prove(house, id, &token, &format!(r#"{{"phoneDigits":"{PHONE_END}"}}"#)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    token
}

/// Asks as the recipient with that token.
pub(super) async fn ask(house: &House, call: &str, id: &str, token: &str, body: &str) -> Answer {
    let (method, path) = call.split_once(' ').unwrap_or_else(|| panic!("{call}"));
    let line = format!("{method} /api/v1/track/{id}/recipient{path}");
    house.call(&line, token, &[("x-doorstep", "1")], body).await
}

/// Tries to step up.
pub(super) async fn prove(house: &House, id: &str, token: &str, body: &str) -> Answer {
    ask(house, "POST /step-up", id, token, body).await
}

/// Tries a code as the carrier.
pub(super) async fn try_code(house: &House, id: &str, code: &str) -> Answer {
    let line = format!("POST /api/v1/shipments/{id}/code/verify");
    house.call(&line, &house.carrier, &[], &format!(r#"{{"code":"{code}"}}"#)).await
}

/// Unlocks as the manager.
pub(super) async fn unlock(house: &House, id: &str, what: &str) {
    let answer = house.post(&format!("/shipments/{id}/unlock"), &format!(r#"{{"what":"{what}"}}"#)).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
}

/// Something happens to the shipment.
pub(super) async fn happens(house: &House, id: &str, event: &str, status: &str) {
    let time = house.state.clock.now();
    let body = format!(r#"{{"id":"{event}","status":"{status}","time":"{time}"}}"#);
    let answer = house.post(&format!("/shipments/{id}/events"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Changes what the shop decided.
pub(super) async fn decide(house: &House, change: impl FnOnce(&mut TenantSettings)) {
    let mut settings = TenantSettings::default();
    change(&mut settings);
    let saved = house.state.store.save_settings(shop(house).await, settings).await;
    assert!(saved.is_ok());
}

/// The status and the code of a problem.
pub(super) fn problem(answer: &Answer) -> (u16, String) {
    let (status, code) = answer.at("/code");
    (status, code.as_str().unwrap_or_default().to_owned())
}

/// How many tries a problem says are left.
pub(super) fn tries_left(answer: &Answer) -> Value {
    answer.at("/triesLeft").1
}
