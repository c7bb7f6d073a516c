//! What addresses a name has. A part of its own so that tests can give answers that no name server of theirs
//! would. Knows nothing of which addresses may be called.

use std::io;
use std::net::IpAddr;

use async_trait::async_trait;

/// Answers what addresses a name has.
#[async_trait]
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of `host`; may be none.
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the operating system.
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}
