//! Where a caller comes from, as finely as one caller can be told from another: an IPv4 address, or the
//! /64 that an IPv6 subscriber owns whole. Behind proxies that we were told to trust, the address is what
//! the nearest of them saw; a header from anybody else is worth nothing.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use http::HeaderMap;
use ipnet::IpNet;

/// Where a caller comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// Of one who connects from `ip`.
    pub fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 => v4,
        })
    }

    /// Of one whose connection comes from `peer`, with these headers; see [`Networks`].
    pub fn seen(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> Self {
        let peer = peer.to_canonical();
        if !trusted.have(peer) {
            return Self::of(peer);
        }
        let mut nearest = peer;
        for hop in hops(headers).into_iter().rev() {
            // What stands further left than a hop we cannot read was written by we know not whom.
            let Some(hop) = hop else { break };
            nearest = hop.to_canonical();
            if !trusted.have(nearest) {
                break;
            }
        }
        Self::of(nearest)
    }
}

/// The hops that a request's headers tell, the farthest first; `None` for one that is no address.
/// `Forwarded` (RFC 7239) wins over `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let lines = |name: &str| {
        let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?").to_owned());
        values.collect::<Vec<_>>().join(",")
    };
    if headers.contains_key(http::header::FORWARDED) {
        let forwarded = lines("forwarded");
        return forwarded.split(',').map(forwarded_for).collect();
    }
    let hops = lines("x-forwarded-for");
    if hops.is_empty() { Vec::new() } else { hops.split(',').map(|hop| ip(hop.trim())).collect() }
}

/// The `for=` of one element of a `Forwarded` header.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let value = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
    })?;
    ip(value)
}

/// An address with or without brackets and port.
fn ip(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    if let Some(bracketed) = text.strip_prefix('[') {
        return bracketed.split_once(']')?.0.parse().ok();
    }
    text.rsplit_once(':')?.0.parse().ok()
}

/// A list of networks, such as `10.0.0.0/8,fd00::/8`; a bare address is a network of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether `ip` is in one of them.
    pub fn have(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&ip))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text that is no list of networks; tells the part that is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no network; write it as 10.0.0.0/8 or fd00::/8, several with commas between")]
pub struct NetworksError(String);

impl FromStr for Networks {
    type Err = NetworksError;

    fn from_str(text: &str) -> Result<Self, NetworksError> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let network = |part: &str| {
            let bare = |_| part.parse::<IpAddr>().map(IpNet::from);
            part.parse().or_else(bare).map_err(|_| NetworksError(part.to_owned()))
        };
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl std::fmt::Display for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, headers: &[(&'static str, &str)], trusted: &str) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap_or_else(|e| panic!("{e}")));
        }
        let peer = peer.parse().unwrap_or_else(|e| panic!("{e}"));
        let trusted = trusted.parse().unwrap_or_else(|e| panic!("{e}"));
        Address::seen(peer, &map, &trusted).0.to_string()
    }

    #[test]
    fn a_header_from_a_stranger_is_worth_nothing() {
        let lie = [("x-forwarded-for", "1.2.3.4")];
        assert_eq!(seen("203.0.113.9", &lie, ""), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &lie, "10.0.0.0/8"), "203.0.113.9");
    }

    #[test]
    fn the_nearest_hop_that_is_no_trusted_proxy_is_the_caller() {
        let hops = [("x-forwarded-for", "1.2.3.4, 198.51.100.7"), ("x-forwarded-for", "10.1.1.1")];
        assert_eq!(seen("10.0.0.1", &hops, "10.0.0.0/8"), "198.51.100.7");
        let forwarded = [("forwarded", "for=1.2.3.4, for=\"[2001:db8:1:2::9]:4711\";proto=https")];
        assert_eq!(seen("10.0.0.1", &forwarded, "10.0.0.0/8"), "2001:db8:1:2::");
        let unreadable = [("x-forwarded-for", "1.2.3.4, unknown, 10.2.2.2")];
        assert_eq!(seen("10.0.0.1", &unreadable, "10.0.0.0/8"), "10.2.2.2");
        assert_eq!(seen("::ffff:10.0.0.1", &[("x-forwarded-for", "1.2.3.4:80")], "10.0.0.1"), "1.2.3.4");
    }

    #[test]
    fn an_ipv6_subscriber_is_one_caller() {
        assert_eq!(seen("2001:db8:1:2:a::1", &[], ""), seen("2001:db8:1:2:b::2", &[], ""));
        assert_ne!(seen("2001:db8:1:2::1", &[], ""), seen("2001:db8:1:3::1", &[], ""));
    }

    #[test]
    fn a_bad_network_is_named() {
        assert_eq!("10.0.0.0/8, nope".parse::<Networks>(), Err(NetworksError("nope".to_owned())));
        assert_eq!(
            "10.0.0.0/8,::1/128".parse::<Networks>().map(|n| n.to_string()),
            Ok("10.0.0.0/8,::1/128".into())
        );
    }
}
