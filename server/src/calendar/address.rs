//! The address of a feed: which link of which shipment it hangs on, sealed by the server. It cannot be
//! guessed or forged, nothing of it is kept, and it dies with its link. The sealing is new each time, so two
//! addresses of one feed differ; the entry's UID does not.

use doorstep_model::id::TrackingId;

use crate::access::LinkId;
use crate::identity::TenantId;
use crate::public_url::PublicUrl;
use crate::vault::{Purpose, Vault};

/// Whom feeds are sealed for, beside their purpose.
const OWNER: &str = "feed";

/// What a feed hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedAddress {
    /// Whose shipment.
    pub tenant: TenantId,
    /// The link that keeps it alive.
    pub link: LinkId,
    /// Which shipment.
    pub shipment: TrackingId,
}

impl FeedAddress {
    /// The address for a calendar program.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn url(&self, vault: &Vault, public_url: &PublicUrl) -> anyhow::Result<String> {
        let plain = format!("{} {} {}", self.tenant.0, self.link.0, self.shipment.key());
        let sealed = vault.seal(Purpose::Calendar, OWNER, plain.as_bytes())?;
        Ok(format!("{public_url}/calendar/{sealed}.ics"))
    }

    /// What the last part of an address says; `None` where the server has not sealed it.
    pub fn open(sealed: &str, vault: &Vault) -> Option<Self> {
        let plain = String::from_utf8(vault.unseal(Purpose::Calendar, OWNER, sealed)?).ok()?;
        let mut parts = plain.splitn(3, ' ');
        let tenant = TenantId(parts.next()?.parse().ok()?);
        let link = LinkId(parts.next()?.parse().ok()?);
        Some(Self { tenant, link, shipment: TrackingId::parse(parts.next()?).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_with_the_key_that_sealed_it_and_no_bit_changed() {
        let vault = Vault::new([7; 32]);
        let shipment = TrackingId::parse("Shop-1").unwrap_or_else(|e| panic!("{e}"));
        let address = FeedAddress { tenant: TenantId(3), link: LinkId(12), shipment };
        let url = address.url(&vault, &PublicUrl::default()).unwrap_or_else(|e| panic!("{e}"));
        let sealed = url.strip_prefix("/calendar/").and_then(|rest| rest.strip_suffix(".ics"));
        let sealed = sealed.unwrap_or_else(|| panic!("{url}"));
        assert_eq!(FeedAddress::open(sealed, &vault), Some(address));
        assert_eq!(FeedAddress::open(sealed, &Vault::new([8; 32])), None);
        for at in 0..sealed.len() {
            let mut other = sealed.as_bytes().to_vec();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(FeedAddress::open(&other, &vault), None, "{at}");
        }
    }
}
