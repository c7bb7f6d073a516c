//! The demo: a tenant with keys and sample shipments that live through real journeys again and again, in
//! the same server that `serve` runs. Speaks to the store by its use cases, as a source system would.

mod brand;
pub mod desk;
pub mod links;
pub mod player;
pub mod scenario;
pub mod script;
pub mod timetable;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context as _;
use doorstep_model::text::Phone;

use crate::access::{LinkMaker, NewLink, Secret};
use crate::identity::{ApiKey, Role, TenantId, TenantName};
use crate::state::AppState;
use links::{Keys, Link, Links};
use player::Player;
use timetable::{Speed, Timetable};

/// The tenant that owns the sample shipments.
const TENANT: &str = "demo";

/// Makes the tenant, its keys and its shipments, and has their journeys played until the server stops.
///
/// # Errors
/// When the store fails, or a sample's number belongs to another tenant of the given database.
pub async fn start(state: &AppState, address: SocketAddr, speed: Speed) -> anyhow::Result<Links> {
    let name: TenantName = TENANT.parse()?;
    let (tenant, manager) = key(state, &name, Role::Manager).await?;
    let (_, reader) = key(state, &name, Role::Reader).await?;
    let (_, carrier) = key(state, &name, Role::Carrier).await?;

    brand::give(state, tenant).await?;

    let reachable = reachable(address);
    let url = format!("http://{reachable}");
    // By another name, so that the shop is of another origin, as shops are.
    let other = if reachable.ip() == Ipv4Addr::LOCALHOST {
        format!("http://localhost:{}", reachable.port())
    } else {
        url.clone()
    };
    let scenarios = scenario::all().context("a sample journey is not well written")?;
    let (now, count) = (state.clock.now(), scenarios.len());
    let mut links = Vec::with_capacity(count);
    for (index, scenario) in scenarios.into_iter().enumerate() {
        let (id, title) = (scenario.tracking_id.clone(), scenario.title.clone());
        let phone_digits = scenario.recipient.phone.as_ref().and_then(last_four);
        let timetable = Timetable::new(&scenario, speed, now, index, count);
        let mut player = Player::new(state.clone(), tenant, scenario, speed, timetable);
        // Once its link is told, its page is there.
        player.catch_up().await?;
        let secret = Secret::random()?;
        let new = NewLink { hash: secret.hash(), made_at: now, made_by: LinkMaker::Client };
        state.store.add_link(tenant, &id, new).await?.context("a sample went away")?;
        let recipient_url = format!("{url}/t/{id}#k={}", secret.reveal());
        let url = format!("{url}/t/{id}");
        links.push(Link { scenario: title, tracking_id: id.to_string(), url, recipient_url, phone_digits });
        tokio::spawn(player.run(state.stopping.clone()));
    }
    Ok(Links { url, shop: format!("{other}/demo/shop"), links, keys: Keys { manager, reader, carrier } })
}

fn last_four(phone: &Phone) -> Option<String> {
    let digits: Vec<char> = phone.as_str().chars().filter(char::is_ascii_digit).collect();
    Some(digits.get(digits.len().checked_sub(4)?..)?.iter().collect())
}

/// Where a browser on this machine finds a server that listens on every address.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn key(state: &AppState, tenant: &TenantName, role: Role) -> anyhow::Result<(TenantId, String)> {
    let key = ApiKey::random()?;
    let name = format!("demo {}", role.as_str());
    let client = state.store.create_client(tenant, &name, role, key.hash()).await?;
    Ok((client.tenant, key.reveal().to_owned()))
}

#[cfg(test)]
mod tests;
