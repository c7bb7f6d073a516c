//! The peer: nginx with nchan, a relay without a store, and nginx as a server of static bytes. It
//! writes the configuration, starts and stops it, and speaks nchan's publish and subscribe calls.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use tempfile::TempDir;

use crate::exchange::Exchange;
use crate::load::{self, Limit, Plan};
use crate::order::{Order, order_of};
use crate::process::{Program, free_port};
use crate::relay::Relay;
use crate::setting::Setting;
use crate::usage::Who;
use crate::wire;

const START_LIMIT: Duration = Duration::from_secs(10);
const SETUP_CONNECTIONS: usize = 32;
const CONFIGURATION: &str = include_str!("nginx.conf");
const STATIC_FILE: &str = "view.json";

/// A running nginx. Dropping it ends all its processes.
#[derive(Debug)]
pub(crate) struct Nginx {
    program: Program,
    address: SocketAddr,
    messages: Vec<Vec<u8>>,
    _directory: TempDir,
}

#[derive(Deserialize)]
struct Published {
    last_message_id: String,
}

impl Nginx {
    /// Starts nginx with nchan. Message `n` told is `messages[n]`, round and round; the first also
    /// stands as the static file. `None`, after a word to the user, where either is not installed.
    pub(crate) fn start(setting: &Setting, messages: Vec<Vec<u8>>) -> Result<Option<Self>> {
        let (Some(nginx), Some(module)) = (setting.nginx(), setting.nchan_module()) else {
            eprintln!("  nginx or nchan is not installed: no nginx columns (Debian: libnginx-mod-nchan)");
            return Ok(None);
        };
        let directory = setting.scratch("nginx")?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let first = messages.first().context("a message for nginx")?;
        std::fs::write(directory.path().join(STATIC_FILE), first)?;
        let file = directory.path().join("nginx.conf");
        std::fs::write(&file, configuration(module, address))?;
        let mut command = Command::new(nginx);
        command.arg("-p").arg(directory.path()).arg("-c").arg(&file);
        let mut program = Program::start(&mut command, directory.path().join("nginx.log"))?;
        program
            .wait_for(START_LIMIT, |_| {
                let mut request = Vec::new();
                wire::get(&mut request, &Self::static_path(), "");
                Exchange::connect(address).ok()?.ask_well(&request).ok()
            })
            .context("nginx")?;
        Ok(Some(Self { program, address, messages, _directory: directory }))
    }

    /// The request of a viewer who is sent nothing until something is told.
    pub(crate) fn watch_mutely(shipment: usize) -> Vec<u8> {
        let mut out = Vec::new();
        wire::get(&mut out, &format!("/mute/{shipment}"), "Accept: text/event-stream\r\n");
        out
    }

    /// The path of the static file.
    pub(crate) fn static_path() -> String {
        format!("/{STATIC_FILE}")
    }
}

impl Relay for Nginx {
    fn column(&self) -> &'static str {
        "nchan"
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
            self.tell(usize::try_from(number).unwrap_or_default(), 0, out);
        };
        load::run(self.address, plan, write, |_| {}).context("publishing first messages")?;
        Ok(())
    }

    fn watch(&self, shipment: usize) -> Vec<u8> {
        let mut out = Vec::new();
        wire::get(&mut out, &format!("/live/{shipment}"), "Accept: text/event-stream\r\n");
        out
    }

    fn tell(&self, shipment: usize, number: u64, out: &mut Vec<u8>) {
        let turn = usize::try_from(number).unwrap_or_default() % self.messages.len();
        let headers = "Accept: text/json\r\nX-EventSource-Event: view\r\n";
        wire::post(out, &format!("/tell/{shipment}"), headers, &self.messages[turn]);
    }

    fn order(&self, answer: &[u8]) -> Option<Order> {
        let published: Published = serde_json::from_slice(answer).ok()?;
        order_of(published.last_message_id.as_bytes())
    }
}

fn configuration(module: &Path, address: SocketAddr) -> String {
    // As root, nginx would give its workers away to a user who cannot read the scratch directory.
    let user = if rustix::process::geteuid().is_root() { "user root;" } else { "" };
    CONFIGURATION
        .replace("@module@", &module.to_string_lossy())
        .replace("@user@", user)
        .replace("@address@", &address.to_string())
}
