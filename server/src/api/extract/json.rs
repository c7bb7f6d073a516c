//! A JSON body. It is read once and straight into its type; only when that fails is it read again, more
//! slowly, to find all that is wrong with it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Faults;
use crate::api::wire::Object;
use crate::limits::{BODY_WITHIN, Limits};
use crate::problem::{Problem, ProblemKind};

/// How much of a body that is too large is read all the same, and thrown away: 16 MiB.
const DRAINED: usize = 16 * 1024 * 1024;

/// The body, read.
pub(crate) struct ApiJson<T>(pub(crate) T);

/// What a body can be.
pub(crate) trait Form: Sized {
    /// The most bytes it takes where all others take `usual`.
    fn most(usual: usize) -> usize {
        usual
    }

    /// Reads it, quickly.
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error>;

    /// Notes all that is wrong with `body`.
    fn faults(body: Value, faults: &mut Faults);
}

/// Reads a body that is an object.
pub(in crate::api) fn read_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(bytes).map(|Object(form)| form)
}

impl<S: Send + Sync, T: Form> FromRequest<S> for ApiJson<T>
where
    Arc<Limits>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let most = T::most(Arc::<Limits>::from_ref(state).body_bytes());
        check_head(request.headers(), most)?;
        let body = tokio::time::timeout(BODY_WITHIN, whole(request.into_body(), most))
            .await
            .map_err(|_| Problem::new(ProblemKind::RequestTimeout))??;
        T::read(&body).map(Self).map_err(|error| all_that_is_wrong::<T>(&body, &error))
    }
}

fn check_head(headers: &HeaderMap, most: usize) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media_type = text(header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    let is_json = media_type.is_some_and(|media_type| {
        let media_type = media_type.trim().to_ascii_lowercase();
        media_type == "application/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    });
    if !is_json {
        let problem = Problem::new(ProblemKind::UnsupportedMediaType);
        return Err(problem.detail("send it with Content-Type: application/json"));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        let problem = Problem::new(ProblemKind::UnsupportedMediaType);
        return Err(problem.detail("send it without Content-Encoding"));
    }
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    // Who asks first, or would send for long, is answered at once; all others as `whole` says.
    let at_once = if headers.contains_key(header::EXPECT) { most } else { DRAINED };
    if length.is_some_and(|length| length > at_once as u64) { Err(too_large(most)) } else { Ok(()) }
}

/// The body, where it has no more than `most` bytes. A larger one is read on for a while and thrown away:
/// a connection that is closed while the caller still sends is reset, and the refusal may be lost with it.
async fn whole(mut body: Body, most: usize) -> Result<Bytes, Problem> {
    let (mut kept, mut seen) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        let broken = |_| Problem::new(ProblemKind::MalformedBody).detail("the body did not arrive whole");
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        seen += data.len();
        if seen <= most {
            kept.extend_from_slice(&data);
        } else if seen > DRAINED {
            break;
        }
    }
    if seen > most { Err(too_large(most)) } else { Ok(kept.freeze()) }
}

fn too_large(most: usize) -> Problem {
    Problem::new(ProblemKind::BodyTooLarge).detail(format!("it may have {most} bytes"))
}

fn all_that_is_wrong<T: Form>(body: &Bytes, stopped: &serde_json::Error) -> Problem {
    let value = match serde_json::from_slice::<Value>(body) {
        Ok(value) => value,
        // Says what was expected at which line and column, and nothing of what stands there.
        Err(error) => return Problem::new(ProblemKind::MalformedBody).detail(error.to_string()),
    };
    let mut faults = Faults::default();
    T::faults(value, &mut faults);
    if faults.is_empty() {
        faults.of_reading(stopped);
    }
    faults.into_problem()
}
