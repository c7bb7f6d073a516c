//! The benches, one module each, and what several of them share. A bench starts the servers it
//! needs, loads them, and returns its findings; it prints nothing and judges by targets alone.

mod batches;
mod dom;
mod embed;
mod fanout;
mod meter;
mod posts;
mod slow4g;
mod spread;
mod track;
mod viewers_idle;

use anyhow::Result;

use crate::doorstep::Doorstep;
use crate::nginx::Nginx;
use crate::relay::Relay;
use crate::report::Findings;
use crate::setting::Setting;

/// Something to measure.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) measure: fn(&Setting) -> Result<Findings>,
}

/// All benches, in the order in which they run.
pub(crate) const ALL: [Bench; 9] = [
    Bench { name: "posts", about: "durable posts of one event from 64 connections", measure: posts::measure },
    Bench {
        name: "batches",
        about: "durable posts of 100 events, to one shipment and to many",
        measure: batches::measure,
    },
    Bench {
        name: "track",
        about: "the public view, against nginx serving the same bytes as a file",
        measure: track::measure,
    },
    Bench {
        name: "viewers-idle",
        about: "memory per idle viewer, of one shipment and of as many shipments as viewers",
        measure: viewers_idle::measure,
    },
    Bench { name: "fanout", about: "one event to all viewers of one shipment", measure: fanout::measure },
    Bench {
        name: "spread",
        about: "a steady stream of events over many shipments with 1 to 3 viewers each",
        measure: spread::measure,
    },
    Bench {
        name: "dom",
        about: "from an event's answer to the changed page in Chromium",
        measure: dom::measure,
    },
    Bench {
        name: "slow4g",
        about: "the hosted page, cold cache, slow 4G and a processor slowed down 4 times",
        measure: slow4g::measure,
    },
    Bench {
        name: "embed",
        about: "what the tag does to the page around it, in a frame and inline, and what it leaves behind",
        measure: embed::measure,
    },
];

/// A view to stand in for Doorstep's where it is not measured.
const SAMPLE_VIEW: &[u8] = include_bytes!("sample_view.json");

/// Starts Doorstep and the peer one after the other and measures each with `measure`, which
/// returns the views it saw by news number: the peer is given exactly these to pass on.
fn each_relay(setting: &Setting, mut measure: impl FnMut(&dyn Relay) -> Result<Vec<Vec<u8>>>) -> Result<()> {
    let mut views = vec![SAMPLE_VIEW.to_vec()];
    if !setting.peer_only() {
        views = measure(&Doorstep::start(setting)?)?;
    }
    if let Some(nginx) = Nginx::start(setting, views)? {
        measure(&nginx)?;
    }
    Ok(())
}

/// The findings of a bench that has no peer, in a run without Doorstep.
fn nothing_to_measure() -> Findings {
    let mut findings = Findings::default();
    findings.remark("no peer does this: nothing measured with --peer-only");
    findings
}

/// The data of a frame as it was before it was put into lines.
fn view_of(data: &[u8]) -> Vec<u8> {
    data.strip_suffix(b"\n").unwrap_or(data).to_vec()
}
