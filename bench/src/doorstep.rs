//! The server under measure: a fresh database, one key, and the calls of the native API that the
//! benches use. It knows the command line and the wire contract, nothing of the inside.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use tempfile::TempDir;

use crate::exchange::Exchange;
use crate::load::{self, Limit, Plan};
use crate::order::Order;
use crate::process::{Program, free_port};
use crate::relay::Relay;
use crate::scan::{Scanner, tracking_id};
use crate::setting::Setting;
use crate::usage::Who;
use crate::wire;

const START_LIMIT: Duration = Duration::from_secs(20);
const SETUP_CONNECTIONS: usize = 32;

/// A running server. Dropping it ends the server and deletes the database.
#[derive(Debug)]
pub(crate) struct Doorstep {
    program: Program,
    address: SocketAddr,
    authorization: String,
    scanner: Scanner,
    _directory: TempDir,
}

#[derive(Deserialize)]
struct Told {
    sequence: Order,
}

impl Doorstep {
    /// Starts the release binary on an empty database, without rate limits.
    pub(crate) fn start(setting: &Setting) -> Result<Self> {
        let directory = setting.scratch("doorstep")?;
        let database = format!("sqlite:{}", directory.path().join("bench.db").display());
        let key = create_client(setting, &database)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = Command::new(setting.binary());
        command
            .args(["serve", "--listen", &address.to_string()])
            .args(["--database", &database])
            .args(["--metrics-listen", "127.0.0.1:0", "--rate-limit", "off"])
            .current_dir(directory.path());
        let mut program = Program::start(&mut command, directory.path().join("serve.log"))?;
        program
            .wait_for(START_LIMIT, |_| {
                let mut request = Vec::new();
                wire::get(&mut request, "/api/v1/track/none", "");
                Exchange::connect(address).ok()?.ask(&request).ok()
            })
            .context("doorstep serve")?;
        Ok(Self {
            program,
            address,
            authorization: format!("Authorization: Bearer {key}\r\n"),
            scanner: Scanner::new(),
            _directory: directory,
        })
    }

    /// An address on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The hosted page of a shipment.
    pub(crate) fn page(&self, shipment: usize) -> String {
        self.url(&format!("/t/{}", tracking_id(shipment)))
    }

    /// The path of the public view.
    pub(crate) fn track_path(shipment: usize) -> String {
        format!("/api/v1/track/{}", tracking_id(shipment))
    }

    /// Appends a post of events `numbers` to one shipment.
    pub(crate) fn post_events(&self, shipment: usize, numbers: std::ops::Range<u64>, out: &mut Vec<u8>) {
        let path = format!("/api/v1/shipments/{}/events", tracking_id(shipment));
        wire::post(out, &path, &self.authorization, &self.scanner.events(numbers));
    }

    /// Appends a post of events `numbers` to many shipments at once.
    pub(crate) fn post_events_of(
        &self,
        numbers: std::ops::Range<u64>,
        shipment: impl Fn(u64) -> usize,
        out: &mut Vec<u8>,
    ) {
        let body = self.scanner.events_of(numbers, shipment);
        wire::post(out, "/api/v1/events", &self.authorization, &body);
    }
}

impl Relay for Doorstep {
    fn column(&self) -> &'static str {
        "doorstep"
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    fn who(&self) -> Who {
        Who::Group(self.program.group())
    }

    fn prepare(&self, shipments: usize) -> Result<()> {
        let plan =
            Plan { connections: SETUP_CONNECTIONS, limit: Limit::Count(shipments as u64), interval: None };
        let write = |number: u64, out: &mut Vec<u8>| {
            let id = tracking_id(usize::try_from(number).unwrap_or_default());
            let body = format!("{{\"trackingId\":\"{id}\",\"zone\":\"Europe/Madrid\"}}");
            wire::post(out, "/api/v1/shipments", &self.authorization, body.as_bytes());
        };
        load::run(self.address, plan, write, |_| {}).context("creating shipments")?;
        Ok(())
    }

    fn watch(&self, shipment: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let path = format!("{}/live", Self::track_path(shipment));
        wire::get(&mut out, &path, "Accept: text/event-stream\r\n");
        out
    }

    fn tell(&self, shipment: usize, number: u64, out: &mut Vec<u8>) {
        self.post_events(shipment, number..number + 1, out);
    }

    fn order(&self, answer: &[u8]) -> Option<Order> {
        serde_json::from_slice::<Told>(answer).ok().map(|told| told.sequence)
    }
}

fn create_client(setting: &Setting, database: &str) -> Result<String> {
    let output = Command::new(setting.binary())
        .args(["client", "create", "--database", database])
        .args(["--tenant", "bench", "--name", "bench"])
        .output()
        .with_context(|| format!("running {}", setting.binary().display()))?;
    if !output.status.success() {
        bail!("doorstep client create: {}", String::from_utf8_lossy(&output.stderr));
    }
    let printed = String::from_utf8(output.stdout)?;
    let key = printed.lines().last().unwrap_or_default().trim().to_owned();
    ensure!(!key.is_empty(), "doorstep client create printed no key");
    Ok(key)
}
