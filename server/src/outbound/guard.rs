//! Which addresses may be called: those that the whole internet can reach, and what whoever runs the server
//! allowed. The rest is our own network, or nobody's; a target there is a mistake or an attack (server-side
//! request forgery). The ranges are those of the IANA special-purpose address registries (RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Target;
use crate::limits::Networks;

/// Decides which addresses may be called.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Networks,
}

/// Why a target may not be called. Says nothing of what its address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is in our own network, or in nobody's.
    #[error("its address is private, local or reserved")]
    Address,
    /// Who listens on the way could read it.
    #[error("it is not https")]
    Plain,
}

impl Guard {
    /// One that lets calls go to public addresses, and to `allowed` besides.
    pub fn new(allowed: Networks) -> Self {
        Self { allowed }
    }

    /// Whether `target` may be called, as far as that is seen without its name's addresses.
    pub(super) fn permits(&self, target: &Target) -> Result<(), Refused> {
        match target.literal() {
            Some(address) => self.check(address, target.is_secure()),
            None if target.is_secure() || !self.allowed.is_empty() => Ok(()),
            None => Err(Refused::Plain),
        }
    }

    /// Whether a connection may go to `address`.
    pub(super) fn check(&self, address: IpAddr, is_secure: bool) -> Result<(), Refused> {
        let address = address.to_canonical();
        if self.allowed.have(address) {
            Ok(())
        } else if !is_public(address) {
            Err(Refused::Address)
        } else if !is_secure {
            Err(Refused::Plain)
        } else {
            Ok(())
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0 // this network
        || a == 10
        || (a == 100 && (64..128).contains(&b)) // carriers' own (RFC 6598)
        || a == 127
        || (a == 169 && b == 254) // link-local; the metadata of cloud machines
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 0 && (c == 0 || c == 2)) // protocols; documentation
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 192 && b == 168)
        || (a == 198 && (b == 18 || b == 19)) // benchmarks
        || (a == 198 && b == 51 && c == 100) // documentation
        || (a == 203 && b == 0 && c == 113) // documentation
        || a >= 224) // multicast, reserved, broadcast
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // An IPv4 address behind a translator (RFC 6052): what counts is where it comes out.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocols (Teredo among them), documentation, 6to4, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x2002, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Nothing else outside 2000::/3 is global unicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &str, address: &str, is_secure: bool) -> Result<(), Refused> {
        let guard = Guard::new(allowed.parse().unwrap_or_else(|e| panic!("{e}")));
        guard.check(address.parse().unwrap_or_else(|e| panic!("{address}: {e}")), is_secure)
    }

    #[test]
    fn public_addresses_are_called_by_https_alone() {
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert_eq!(check("", address, true), Ok(()), "{address}");
            assert_eq!(check("", address, false), Err(Refused::Plain), "{address}");
        }
    }

    #[test]
    fn our_own_network_and_nobodys_are_not() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(check("", address, true), Err(Refused::Address), "{address}");
        }
    }

    #[test]
    fn what_is_allowed_is_called_also_by_http() {
        assert_eq!(check("127.0.0.0/8", "127.0.0.1", false), Ok(()));
        assert_eq!(check("127.0.0.0/8", "::ffff:127.0.0.1", false), Ok(()));
        assert_eq!(check("127.0.0.0/8", "::1", true), Err(Refused::Address));
        assert_eq!(check("127.0.0.0/8", "8.8.8.8", false), Err(Refused::Plain));
    }
}
