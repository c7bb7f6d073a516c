//! Every way in which a token can be wrong is refused, and what is right grants no more than it says.

use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use jsonwebtoken::{Algorithm as Alg, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Scope, Signed};
use crate::access::{Algorithm, TenantSettings, TokenKey};
use crate::identity::TenantId;
use crate::vault::Vault;

/// The present, in seconds.
const NOW: i64 = 1_795_000_000;

const SHARED: &[u8] = b"a secret of the shop, 32 bytes or so";

/// The key pair of RFC 8410, 10.
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
    -----END PUBLIC KEY-----\n";

const SHOP: TenantId = TenantId(1);

struct Shop {
    vault: Vault,
    settings: TenantSettings,
}

impl Shop {
    fn new() -> Self {
        let vault = Vault::new([7; 32]);
        let shared = vault.seal_token_key(SHOP, "shared", SHARED).unwrap_or_else(|e| panic!("{e}"));
        let key = |id: &str, algorithm, key: &str| TokenKey { id: id.into(), algorithm, key: key.into() };
        let token_keys =
            vec![key("pair", Algorithm::EdDsa, PUBLIC), key("shared", Algorithm::Hs256, &shared)];
        Self { vault, settings: TenantSettings { token_keys, ..TenantSettings::default() } }
    }

    fn scope_for(&self, tenant: TenantId, token: &str) -> Option<Scope> {
        let id = TrackingId::parse("DS-1").unwrap_or_else(|e| panic!("{e}"));
        let signed = Signed { vault: &self.vault, tenant, settings: &self.settings };
        signed.scope(&id, token, Timestamp::from_millis(NOW * 1_000 + 500))
    }

    fn scope(&self, token: &str) -> Option<Scope> {
        self.scope_for(SHOP, token)
    }
}

fn claims() -> Value {
    json!({ "shipment": "DS-1", "scope": "code", "iat": NOW - 10, "exp": NOW + 290 })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

fn header(alg: Alg, kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(alg) }
}

fn shared(claims: &Value) -> String {
    signed(&header(Alg::HS256, Some("shared")), claims, &EncodingKey::from_secret(SHARED))
}

fn pair(claims: &Value) -> String {
    signed(&header(Alg::EdDSA, Some("pair")), claims, &private())
}

fn private() -> EncodingKey {
    EncodingKey::from_ed_pem(PRIVATE.as_bytes()).unwrap_or_else(|e| panic!("{e}"))
}

fn signed(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    encode(header, claims, key).unwrap_or_else(|e| panic!("{e}"))
}

/// Signed by the shared key, with a header of any kind.
fn by_hand(header: &Value, claims: &Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(SHARED);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Alg::HS256);
    format!("{message}.{}", signature.unwrap_or_else(|e| panic!("{e}")))
}

#[test]
fn a_token_grants_what_it_says() {
    let shop = Shop::new();
    for sign in [shared, pair] {
        assert_eq!(shop.scope(&sign(&claims())), Some(Scope::Code));
        assert_eq!(shop.scope(&sign(&with("scope", "recipient"))), Some(Scope::Recipient));
        assert_eq!(shop.scope(&sign(&with("shipment", "ds-1"))), Some(Scope::Code), "people type it");
    }
    let known = by_hand(&json!({ "alg": "HS256", "kid": "shared", "typ": "JWT" }), &claims());
    assert_eq!(shop.scope(&known), Some(Scope::Code), "so the next test refuses for its reasons");
}

#[test]
fn it_holds_for_its_time_give_or_take_a_minute() {
    let shop = Shop::new();
    let timed = |iat: i64, exp: i64| {
        let mut claims = with("iat", iat);
        claims["exp"] = exp.into();
        shop.scope(&shared(&claims)).is_some()
    };
    assert!(timed(NOW, NOW + 600));
    assert!(!timed(NOW, NOW + 601), "made to hold for too long");
    assert!(timed(NOW - 300, NOW - 59));
    assert!(!timed(NOW - 300, NOW - 60), "over");
    assert!(timed(NOW + 60, NOW + 120));
    assert!(!timed(NOW + 61, NOW + 120), "not yet");
    assert!(!timed(NOW, NOW - 1), "ends before it begins");
    assert!(!timed(i64::MIN, i64::MAX));
    assert!(!timed(i64::MAX, i64::MIN));
}

#[test]
fn whatever_is_wrong_is_refused() {
    let shop = Shop::new();
    let right = shared(&claims());
    let cut = |token: &str| token.rsplit_once('.').map(|(message, _)| message.to_owned()).unwrap_or_default();
    let mut without_end = claims();
    without_end.as_object_mut().and_then(|claims| claims.remove("exp"));
    let mut without_begin = claims();
    without_begin.as_object_mut().and_then(|claims| claims.remove("iat"));
    let other_key = EncodingKey::from_secret(b"another secret");
    let public_as_secret = EncodingKey::from_secret(PUBLIC.as_bytes());
    let none = |alg: &str| {
        let token = by_hand(&json!({ "alg": alg, "kid": "shared" }), &claims());
        format!("{}.", cut(&token))
    };
    let hs256 = |more: (&str, Value)| {
        let mut header = json!({ "alg": "HS256", "kid": "shared" });
        header[more.0] = more.1;
        by_hand(&header, &claims())
    };
    let cases = [
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("no token", "not a token at all".to_owned()),
        ("no signature", cut(&right)),
        ("an empty signature", format!("{}.", cut(&right))),
        ("another signature", format!("{}.{}", cut(&right), "A".repeat(43))),
        ("more behind", format!("{right}.x")),
        ("far too long", shared(&with("more", "x".repeat(5_000)))),
        ("none", none("none")),
        ("None", none("None")),
        ("no kid", signed(&header(Alg::HS256, None), &claims(), &EncodingKey::from_secret(SHARED))),
        (
            "an unknown kid",
            signed(&header(Alg::HS256, Some("x")), &claims(), &EncodingKey::from_secret(SHARED)),
        ),
        ("another secret", signed(&header(Alg::HS256, Some("shared")), &claims(), &other_key)),
        (
            "another of the family",
            signed(&header(Alg::HS512, Some("shared")), &claims(), &EncodingKey::from_secret(SHARED)),
        ),
        (
            "the public key as a secret",
            signed(&header(Alg::HS256, Some("pair")), &claims(), &public_as_secret),
        ),
        (
            "the pair's token under the secret's name",
            signed(&header(Alg::EdDSA, Some("shared")), &claims(), &private()),
        ),
        ("an extension that must be understood", hs256(("crit", json!(["b64"])))),
        ("a kid that is no text", hs256(("kid", json!(1)))),
        ("another shipment", shared(&with("shipment", "DS-2"))),
        ("no shipment's name", shared(&with("shipment", "*"))),
        ("an unknown scope", shared(&with("scope", "support"))),
        ("no end", shared(&without_end)),
        ("no begin", shared(&without_begin)),
        ("an end that is no number", shared(&with("exp", "never"))),
        ("over", shared(&with("exp", NOW - 61))),
        ("not yet", shared(&with("nbf", NOW + 61))),
        ("for somebody else", shared(&with("aud", "https://elsewhere.example"))),
    ];
    for (why, token) in cases {
        assert_eq!(shop.scope(&token), None, "{why}");
    }
}

#[test]
fn a_shared_key_opens_for_its_own_tenant_and_name_alone() {
    let mut shop = Shop::new();
    assert_eq!(shop.scope_for(TenantId(2), &shared(&claims())), None, "the seal names its tenant");
    if let Some(key) = shop.settings.token_keys.last_mut() {
        key.id = "renamed".to_owned();
    }
    let renamed = header(Alg::HS256, Some("renamed"));
    assert_eq!(shop.scope(&signed(&renamed, &claims(), &EncodingKey::from_secret(SHARED))), None);
    assert_eq!(shop.scope(&pair(&claims())), Some(Scope::Code), "the others go on");
}
