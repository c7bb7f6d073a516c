//! Where a tenant wants to be told of news: an address, a shape, how we show who we are, and about what. The
//! native API makes endpoints, and so do dialects whose clients name an address by their own ways.

use doorstep_model::id::TrackingId;
use doorstep_model::text::UnknownWord;
use doorstep_model::time::Timestamp;

use super::{Auth, Topics};
use crate::identity::TenantId;
use crate::outbound::Target;

/// The most endpoints of a tenant that are about all its shipments.
pub const MOST_ENDPOINTS: u32 = 50;

/// The most endpoints that are about one shipment.
pub const MOST_SCOPED: u32 = 5;

/// The most characters of an endpoint's note.
pub const MOST_NOTE: usize = 200;

/// Names an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointId(pub i64);

/// Where a tenant wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// By what it is named.
    pub id: EndpointId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What its owner decided.
    pub plan: EndpointPlan,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when and why it is told nothing.
    pub disabled: Option<(Timestamp, Disabled)>,
    /// Since when nothing reached it; `None` while it goes well.
    pub failing_since: Option<Timestamp>,
    /// Until when it asked to be left alone.
    pub paused_until: Option<Timestamp>,
}

impl Endpoint {
    /// Who is told there.
    pub fn receiver(&self) -> Receiver {
        Receiver { tenant: self.tenant, authority: self.plan.target.authority().to_owned() }
    }
}

/// Who is told: a host and port, as one tenant named it. All that tenant's endpoints there are one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receiver {
    /// Who named it.
    pub tenant: TenantId,
    /// The host and port.
    pub authority: String,
}

/// What an endpoint's owner decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPlan {
    /// The one shipment that it is about; `None` for all. It need not be known yet: an endpoint that is made
    /// just before its shipment is told of its creation.
    pub scope: Option<TrackingId>,
    /// Where.
    pub target: Target,
    /// By what name the shape is registered.
    pub shape: String,
    /// How we show who we are; secrets sealed.
    pub auth: Auth,
    /// About what.
    pub topics: Topics,
    /// Whether the delivery code may stand in what is told.
    pub includes_code: bool,
    /// What its owner wants to remember of it.
    pub note: String,
}

/// Why an endpoint is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disabled {
    /// Its owner said so.
    ByOwner,
    /// It answered 410: whoever was there is gone.
    Gone,
}

impl Disabled {
    /// The word it is kept by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByOwner => "by_owner",
            Self::Gone => "gone",
        }
    }
}

impl std::str::FromStr for Disabled {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "by_owner" => Ok(Self::ByOwner),
            "gone" => Ok(Self::Gone),
            _ => Err(UnknownWord),
        }
    }
}
