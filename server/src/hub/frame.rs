//! A view as the bytes that go over the wire: one buffer that is the SSE frame and, as a slice of it, the
//! JSON. Made once per change and audience; whose view it is follows from how it was made.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use doorstep_model::shipment::Shipment;
use doorstep_model::views::{PublicView, RecipientView};

use crate::zones::ZoneDays;

/// One audience's view of a shipment at one sequence.
#[derive(Debug)]
pub struct Frame {
    sequence: u64,
    sse: Bytes,
    json_starts: usize,
    fingerprint: u64,
}

/// What ends an SSE frame after its data.
const FRAME_END: &[u8] = b"\n\n";

impl Frame {
    /// The public view of `shipment`.
    pub fn of(shipment: &Shipment) -> Self {
        Self::telling(shipment.sequence(), &PublicView::of(shipment, &ZoneDays))
    }

    /// The recipient's view of `shipment`.
    pub fn for_recipient(shipment: &Shipment) -> Self {
        Self::telling(shipment.sequence(), &RecipientView::of(shipment))
    }

    fn telling(sequence: u64, view: &impl serde::Serialize) -> Self {
        let mut sse = format!("id: {sequence}\nevent: view\ndata: ").into_bytes();
        let json_starts = sse.len();
        // JSON has no raw line breaks, so that it is one `data` line. Writing to memory cannot fail, and
        // the view has neither maps with odd keys nor numbers that JSON lacks.
        if let Err(error) = serde_json::to_writer(&mut sse, view) {
            tracing::error!(%error, "a view could not be serialised");
        }
        let mut hasher = DefaultHasher::new();
        sse.hash(&mut hasher);
        sse.extend_from_slice(FRAME_END);
        Self { sequence, sse: sse.into(), json_starts, fingerprint: hasher.finish() }
    }

    /// The shipment's sequence.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The whole SSE frame.
    pub fn sse(&self) -> Bytes {
        self.sse.clone()
    }

    /// The view as JSON.
    pub fn json(&self) -> Bytes {
        self.sse.slice(self.json_starts..self.sse.len() - FRAME_END.len())
    }

    /// A strong validator (RFC 9110, 8.8.3): the sequence, and a hash of the bytes, so that another
    /// version of the server that writes the same view otherwise has another one.
    pub fn etag(&self) -> String {
        format!("\"{}-{:x}\"", self.sequence, self.fingerprint)
    }

    /// The public view itself, for those who write it otherwise.
    ///
    /// # Errors
    /// Never for a frame made by [`Frame::of`]; said all the same, since a page must not panic.
    pub fn view(&self) -> Result<PublicView, serde_json::Error> {
        serde_json::from_slice(&self.json())
    }
}
