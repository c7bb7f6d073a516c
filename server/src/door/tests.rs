//! How tokens travel: as which cookie, and which of several counts.

use doorstep_model::id::TrackingId;
use http::{HeaderMap, HeaderValue, header};

use super::Pass;
use crate::access::{Secret, SecretHash};
use crate::public_url::PublicUrl;

fn id(text: &str) -> TrackingId {
    TrackingId::parse(text).unwrap_or_else(|e| panic!("{e}"))
}

fn at(url: &str) -> PublicUrl {
    url.parse().unwrap_or_else(|e| panic!("{e}"))
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: header::HeaderName = name.parse().unwrap_or_else(|e| panic!("{e}"));
        headers.append(name, HeaderValue::from_str(value).unwrap_or_else(|e| panic!("{e}")));
    }
    headers
}

fn hash(lines: &[(&str, &str)], name: &str, url: &str) -> Option<SecretHash> {
    Pass::presented(&headers(lines), &id(name), &at(url)).map(|pass| pass.hash())
}

/// SHA-256 of "d-1" begins so.
const NAME: &str = "doorstep-0741a320e613baac";

#[test]
fn a_cookie_is_named_after_its_shipment_and_after_tls() {
    let secret = Secret::random().unwrap_or_else(|e| panic!("{e}"));
    for (name, url, begins) in [
        ("D-1", "http://a.test", NAME.to_owned()),
        ("d-1", "http://a.test", NAME.to_owned()),
        ("D-1", "https://a.test", format!("__Host-{NAME}")),
    ] {
        let mut given = HeaderMap::new();
        Pass::issued(&secret, &HeaderMap::new(), &id(name), &at(url)).give(&mut given);
        let cookie = given[header::SET_COOKIE].to_str().unwrap_or_default().to_owned();
        assert!(cookie.starts_with(&format!("{begins}={}; ", secret.reveal())), "{cookie}");
        assert!(given[header::SET_COOKIE].is_sensitive(), "it would be logged");
    }
}

#[test]
fn a_bearer_goes_before_a_cookie_and_a_neighbours_cookie_is_none() {
    let own = format!("a=b; {NAME}=token");
    let expected = Some(SecretHash::of("token"));
    assert_eq!(hash(&[("cookie", &own)], "D-1", "http://a.test"), expected);
    assert_eq!(hash(&[("cookie", "x=y"), ("cookie", &own)], "D-1", "http://a.test"), expected);
    assert_eq!(hash(&[("cookie", &own)], "D-2", "http://a.test"), None);
    assert_eq!(hash(&[("cookie", &own)], "D-1", "https://a.test"), None, "over TLS the prefix is needed");
    let both = [("cookie", own.as_str()), ("authorization", "bearer other")];
    assert_eq!(hash(&both, "D-1", "http://a.test"), Some(SecretHash::of("other")));
    for odd in ["", ";;=", "=", "%=%", "doorstep"] {
        assert_eq!(hash(&[("cookie", odd)], "D-1", "http://a.test"), None);
    }
}
