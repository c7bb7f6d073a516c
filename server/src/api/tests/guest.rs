//! A recipient for tests: somebody with a session of their own, who asks as the widget does.

use doorstep_model::id::TrackingId;
use doorstep_model::rules::Rules;
use doorstep_model::time::Timestamp;

use super::house::{Answer, House};
use crate::access::{LinkMaker, NewLink, NewSession, STEPPED_UP_MS, Secret, TenantSettings};
use crate::identity::TenantId;

/// Somebody with a session.
pub(super) struct Guest<'a> {
    house: &'a House,
    id: TrackingId,
    token: Secret,
}

impl<'a> Guest<'a> {
    /// With a new link to a shipment of `shop`, exchanged just now.
    pub(super) async fn enter(house: &'a House, id: &str) -> Self {
        Self::enter_as(house, id, None).await
    }

    /// The same, and has just proved to be the person.
    pub(super) async fn proved(house: &'a House, id: &str) -> Self {
        let until = Timestamp::from_millis(house.state.clock.now().millis() + STEPPED_UP_MS);
        Self::enter_as(house, id, Some(until)).await
    }

    async fn enter_as(house: &'a House, id: &str, stepped_up_until: Option<Timestamp>) -> Self {
        let id = TrackingId::parse(id).unwrap_or_else(|e| panic!("{e}"));
        let (link, token) = (secret(), secret());
        let (tenant, at) = (shop(house).await, house.state.clock.now());
        let new = NewLink { hash: link.hash(), made_at: at, made_by: LinkMaker::Client };
        let made = house.state.store.add_link(tenant, &id, new).await.unwrap_or_else(|e| panic!("{e:?}"));
        assert!(made.is_some(), "there is no {id}");
        let new = NewSession { token: token.hash(), at, stepped_up_until };
        let opened = house.state.store.exchange_link(&id, &link.hash(), new).await;
        assert!(opened.unwrap_or_else(|e| panic!("{e:?}")).is_some(), "the link opens nothing");
        Self { house, id, token }
    }

    /// Asks by a line such as `PUT comment`; the path goes on from `…/recipient/`.
    pub(super) async fn call(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("{line} is no request line"));
        let line = format!("{method} /api/v1/track/{}/recipient/{path}", self.id);
        let mut all = vec![("x-doorstep", "1")];
        all.extend(headers);
        self.house.call(line.trim_end_matches('/'), self.token.reveal(), &all, body).await
    }

    /// Edits `what` on the version that was seen.
    pub(super) async fn edit(&self, what: &str, seen: u32, edit: &str, value: &str) -> Answer {
        let seen = format!("\"{seen}\"");
        let body = format!(r#"{{"value":{value},"edit":"{edit}"}}"#);
        self.call(&format!("PUT {what}"), &[("if-match", &seen)], &body).await
    }

    /// Their view.
    pub(super) async fn view(&self) -> Answer {
        self.call("GET ", &[], "").await
    }
}

/// The tenant `shop`.
pub(super) async fn shop(house: &House) -> TenantId {
    let name = "shop".parse().unwrap_or_else(|e| panic!("{e}"));
    let tenant = house.state.store.tenant_by_name(&name).await.unwrap_or_else(|e| panic!("{e:?}"));
    tenant.unwrap_or_else(|| panic!("there is no shop"))
}

/// Lets `shop` decide these rules, for what is created from now on.
pub(super) async fn decide(house: &House, rules: Rules) {
    let settings = TenantSettings { rules, ..TenantSettings::default() };
    let saved = house.state.store.save_settings(shop(house).await, settings).await;
    saved.unwrap_or_else(|e| panic!("{e:?}"));
}

fn secret() -> Secret {
    Secret::random().unwrap_or_else(|e| panic!("{e}"))
}
