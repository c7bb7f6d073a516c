//! What the store keeps of tenants' logos. Apart from [`super::Store`]'s other use cases because nothing of it
//! touches a shipment; what a logo must be is asked at the edge.

use async_trait::async_trait;

use super::StoreError;
use crate::access::{Logo, LogoName, LogoPicture};
use crate::identity::TenantId;

/// Keeping logos.
#[async_trait]
pub trait Logos {
    /// Keeps a tenant's logo in the place of the one that is there; with `None`, no logo.
    async fn keep_logo(&self, tenant: TenantId, picture: Option<LogoPicture>) -> Result<(), StoreError>;

    /// What a page says of a tenant's logo.
    async fn logo_of(&self, tenant: TenantId) -> Result<Option<Logo>, StoreError>;

    /// The logo of that name, whosever it is: logos are public.
    async fn logo(&self, name: &LogoName) -> Result<Option<LogoPicture>, StoreError>;
}
