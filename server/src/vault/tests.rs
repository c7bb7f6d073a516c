//! What is sealed opens for its purpose and owner alone, codes are drawn evenly, and the key is made once.

use std::collections::HashSet;

use doorstep_model::code::Digits;
use doorstep_model::id::TrackingId;

use super::{Purpose, Typed, Vault};

fn id(text: &str) -> TrackingId {
    TrackingId::parse(text).unwrap_or_else(|e| panic!("{e}"))
}

fn digits(count: u8) -> Digits {
    Digits::new(count).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn what_is_sealed_opens_for_its_purpose_owner_and_key_alone() {
    let vault = Vault::new([7; 32]);
    let sealed = vault.seal(Purpose::DeliveryCode, "ds-1", b"4071").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(vault.unseal(Purpose::DeliveryCode, "ds-1", &sealed).as_deref(), Some(&b"4071"[..]));
    assert_eq!(vault.unseal(Purpose::DeliveryCode, "ds-2", &sealed), None);
    assert_eq!(vault.unseal(Purpose::TokenKey, "ds-1", &sealed), None);
    assert_eq!(Vault::new([8; 32]).unseal(Purpose::DeliveryCode, "ds-1", &sealed), None);
    assert!(!sealed.contains("4071"));
}

#[test]
fn a_changed_or_cut_seal_opens_nothing() {
    let vault = Vault::new([7; 32]);
    let sealed = vault.seal(Purpose::TokenKey, "shop", b"secret").unwrap_or_else(|e| panic!("{e}"));
    for cut in 0..sealed.len() {
        assert_eq!(vault.unseal(Purpose::TokenKey, "shop", &sealed[..cut]), None, "cut at {cut}");
        let mut changed = sealed.clone().into_bytes();
        changed[cut] = if changed[cut] == b'A' { b'Q' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(vault.unseal(Purpose::TokenKey, "shop", &changed), None, "changed at {cut}");
    }
}

#[test]
fn the_same_is_never_sealed_the_same_way_twice() {
    let vault = Vault::new([7; 32]);
    let seal = || vault.seal(Purpose::DeliveryCode, "ds-1", b"4071").unwrap_or_else(|e| panic!("{e}"));
    assert_ne!(seal(), seal());
}

#[test]
fn a_mark_is_known_again_and_holds_for_one_purpose() {
    let vault = Vault::new([7; 32]);
    assert_eq!(vault.mark(Purpose::EmailCode, "a"), vault.mark(Purpose::EmailCode, "a"));
    assert_ne!(vault.mark(Purpose::EmailCode, "a"), vault.mark(Purpose::EmailCode, "b"));
    assert_ne!(vault.mark(Purpose::EmailCode, "a"), vault.mark(Purpose::Calendar, "a"));
    assert_ne!(vault.mark(Purpose::EmailCode, "a"), Vault::new([8; 32]).mark(Purpose::EmailCode, "a"));
}

#[test]
fn a_code_has_its_digits_and_reads_back_without_regard_to_case() {
    let vault = Vault::new([7; 32]);
    for count in 4..=8 {
        let drawn = vault.draw_code(digits(count), &id("DS-1")).unwrap_or_else(|e| panic!("{e}"));
        let code = vault.code(&drawn, &id("ds-1")).unwrap_or_else(|| panic!("it opens"));
        assert_eq!(code.len(), usize::from(count));
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(vault.code(&drawn, &id("DS-2")), None);
        assert!(!format!("{drawn:?} {vault:?}").contains(&code));
    }
}

/// Of 20,000 digits each comes 2,000 times, give or take 42 (a standard deviation); ten of them off is no
/// chance.
#[test]
fn each_digit_is_as_likely_as_any_other() {
    let vault = Vault::new([7; 32]);
    let drawn: String = (0..100).map(|_| vault.draw_digits(200).unwrap_or_else(|e| panic!("{e}"))).collect();
    for digit in '0'..='9' {
        let times = drawn.matches(digit).count();
        assert!((1_580..2_420).contains(&times), "{digit} comes {times} times");
    }
}

#[test]
fn the_key_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = folder.path().join("doorstep.key");
    let keys: HashSet<[u8; 32]> = std::thread::scope(|scope| {
        let open = || Vault::open(&path).unwrap_or_else(|e| panic!("{e:#}")).key;
        let openers: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        openers.into_iter().map(|opener| opener.join().unwrap_or_default()).collect()
    });
    assert_eq!(keys.len(), 1, "all have the same");
    assert!(!keys.contains(&[0; 32]));
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(&path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);
    }
    let left = std::fs::read_dir(folder.path()).unwrap_or_else(|e| panic!("{e}")).count();
    assert_eq!(left, 1, "no half of a key lies about");
}

#[test]
fn a_file_that_holds_no_key_is_refused_and_not_shown() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let path = folder.path().join("doorstep.key");
    std::fs::write(&path, "hunter2").unwrap_or_else(|e| panic!("{e}"));
    let error = Vault::open(&path).err().unwrap_or_else(|| panic!("it was taken"));
    assert!(!format!("{error:#}").contains("hunter2"));
}

#[test]
fn only_digits_are_typed_and_none_is_shown() {
    let typed = |text: &str| Typed::<4, 8>::try_from(text.to_owned());
    for wrong in ["", "123", "123456789", "12a4", "１２３４", "12 34", "-123", "1234\n"] {
        let error = typed(wrong).err().unwrap_or_else(|| panic!("{wrong:?} was taken"));
        assert_eq!(error.to_string(), "must be 4 to 8 digits");
    }
    let code = typed("4071").unwrap_or_else(|e| panic!("{e}"));
    assert!(code.is("4071"));
    assert!(!code.is("4072") && !code.is("40710") && !code.is(""));
    assert_eq!(format!("{code:?}"), "Typed(…)");
}
