//! The bytes of HTTP/1.1 and of event streams, as little as a load generator needs: it shares its
//! cores with the server it measures, so nothing here allocates per message. It knows no sockets,
//! no clock and nothing of shipments.

mod answer;
mod body;
mod frames;
mod request;

pub(crate) use answer::AnswerReader;
pub(crate) use frames::{Frame, FrameReader};
pub(crate) use request::{get, post};
