//! How a recipient gets in: links with a secret, the sessions they are exchanged for, and what the tenant
//! allows as a proof of who one is. Secrets are shown once and kept only as hashes. Knows nothing of
//! HTTP, cookies or SQL.

mod brand;
pub mod contrast;
mod link;
mod logo;
mod origin;
mod secret;
mod session;
mod settings;

pub use brand::{Brand, Colour, Shades, Support};
pub use link::{AGAIN_MS, Link, LinkId, LinkMaker, NewLink};
pub use logo::{Logo, LogoError, LogoName, LogoNameError, LogoPicture, MOST_LOGO_BYTES};
pub use origin::Origin;
pub use secret::{Secret, SecretHash};
pub use session::{GRACE_MS, IDLE_MS, NewSession, ROTATES_MS, STEPPED_UP_MS, Session, SessionId};
pub use settings::{Algorithm, StepUp, TenantSettings, TokenKey};
