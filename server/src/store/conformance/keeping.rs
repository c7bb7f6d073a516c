//! Laws of what is kept beside the shipments: settings, logos, one-time codes, pictures; each by tenant.

use std::sync::Arc;

use doorstep_model::rules::{CodeWithContactless, Rules};
use futures_util::future::join_all;

use super::samples::{at, id, new};
use super::{Engine, House, Witness};
use crate::access::{
    Algorithm, LinkMaker, Logo, LogoName, LogoPicture, NewLink, SecretHash, StepUp, TenantSettings, TokenKey,
};
use crate::store::entrances::MOST_EMAIL_CODES;
use crate::store::{MOST_PICTURE_BYTES, Picture};

pub(crate) async fn settings_are_kept_by_tenant(engine: impl Engine) {
    let house = House::on(&engine).await;
    let none = TenantSettings::default();
    assert_eq!(house.store.settings(house.ours).await.unwrap(), none);
    let key = TokenKey { id: "k1".to_owned(), algorithm: Algorithm::Hs256, key: "sealed".to_owned() };
    let settings = TenantSettings {
        rules: Rules { code_with_contactless: CodeWithContactless::ConfirmPhoto, ..Rules::default() },
        step_up: StepUp { phone_digits: false, ..StepUp::default() },
        token_keys: vec![key],
        origins: vec!["https://shop.example".parse().unwrap()],
        brand: None,
    };
    house.store.save_settings(house.ours, settings.clone()).await.unwrap();
    assert_eq!(house.store.settings(house.ours).await.unwrap(), settings);
    assert_eq!(house.store.settings(house.theirs).await.unwrap(), none);
    let ours = house.ours;
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.settings(ours).await.unwrap(), settings);
    store.save_settings(ours, none.clone()).await.unwrap();
    assert_eq!(store.settings(ours).await.unwrap(), none);
}

pub(crate) async fn a_logo_is_kept_by_tenant(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (ours, theirs) = (house.ours, house.theirs);
    let picture = |bytes: &'static [u8]| LogoPicture {
        logo: Logo { name: LogoName::of(bytes), width: 3, height: 2 },
        media_type: "image/png".to_owned(),
        bytes: bytes.into(),
    };
    let (one, other) = (picture(b"one"), picture(b"other"));
    assert_eq!(house.store.logo_of(ours).await.unwrap(), None);
    house.store.keep_logo(ours, Some(one.clone())).await.unwrap();
    house.store.keep_logo(theirs, Some(one.clone())).await.unwrap();
    house.store.keep_logo(ours, Some(other.clone())).await.unwrap();
    assert_eq!(house.store.logo_of(ours).await.unwrap(), Some(other.logo.clone()));
    assert_eq!(house.store.logo(&one.logo.name).await.unwrap(), Some(one.clone()), "it is theirs too");
    house.store.keep_logo(theirs, None).await.unwrap();
    assert_eq!(house.store.logo(&one.logo.name).await.unwrap(), None);
    assert_eq!(house.store.logo_of(theirs).await.unwrap(), None);
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.logo(&other.logo.name).await.unwrap(), Some(other));
}

pub(crate) async fn the_last_email_code_holds_once(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (store, ours, a) = (&house.store, house.ours, &id("a"));
    house.create(new("A", vec![])).await;
    house.create(new("b", vec![])).await;
    assert_eq!(store.email_code(ours, a).await.unwrap(), None);
    assert!(store.keep_email_code(ours, a, [1; 32], at(1)).await.unwrap());
    assert!(store.keep_email_code(ours, a, [2; 32], at(2)).await.unwrap());
    assert_eq!(store.email_code(ours, a).await.unwrap(), Some(([2; 32], at(2))));
    assert_eq!(store.email_code(house.theirs, a).await.unwrap(), None);
    assert_eq!(store.email_code(ours, &id("b")).await.unwrap(), None);
    assert!(!store.take_email_code(ours, a, [1; 32]).await.unwrap(), "another was sent since");
    assert!(!store.take_email_code(house.theirs, a, [2; 32]).await.unwrap());
    assert!(!store.take_email_code(ours, &id("b"), [2; 32]).await.unwrap());
    let takes = join_all((0..20).map(|_| store.take_email_code(ours, a, [2; 32]))).await;
    assert_eq!(takes.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    assert_eq!(store.email_code(ours, a).await.unwrap(), None);
}

pub(crate) async fn email_codes_are_counted_by_the_hour(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (store, ours, a) = (&house.store, house.ours, &id("a"));
    house.create(new("a", vec![])).await;
    assert!(!store.keep_email_code(house.theirs, a, [9; 32], at(0)).await.unwrap());
    assert!(!store.keep_email_code(ours, &id("nowhere"), [9; 32], at(0)).await.unwrap());
    for number in 0..MOST_EMAIL_CODES as u8 {
        let kept = store.keep_email_code(ours, a, [number; 32], at(number.into())).await.unwrap();
        assert!(kept);
        // Taking one makes no room for another.
        assert!(store.take_email_code(ours, a, [number; 32]).await.unwrap());
    }
    assert!(!store.keep_email_code(ours, a, [9; 32], at(3_599)).await.unwrap());
    assert_eq!(store.email_code(ours, a).await.unwrap(), None);
    assert!(store.keep_email_code(ours, a, [10; 32], at(3_600)).await.unwrap());
    assert!(!store.keep_email_code(ours, a, [11; 32], at(3_600)).await.unwrap());
    assert_eq!(store.email_code(ours, a).await.unwrap(), Some(([10; 32], at(3_600))));
}

pub(crate) async fn a_picture_is_kept_once_and_whole(engine: impl Engine) {
    let house = House::on(&engine).await;
    let (ours, a) = (house.ours, id("a"));
    house.create(new("a", vec![])).await;
    let bytes: Vec<u8> = (0..MOST_PICTURE_BYTES).map(|n| ((n * 31) >> 3) as u8).collect();
    let large = Picture { media_type: "image/jpeg".to_owned(), bytes: bytes.into() };
    let other = Picture { media_type: "image/png".to_owned(), bytes: vec![0, 255].into() };
    house.store.keep_picture(ours, &a, 1, large.clone()).await.unwrap();
    house.store.keep_picture(ours, &a, 1, other.clone()).await.unwrap();
    house.store.keep_picture(ours, &a, 2, other.clone()).await.unwrap();
    house.store.keep_picture(house.theirs, &a, 3, other.clone()).await.unwrap();
    assert!(house.store.picture(ours, &a, 3).await.unwrap().is_none());
    assert!(house.store.picture(house.theirs, &a, 1).await.unwrap().is_none());
    assert_eq!(house.witness.of("a"), [1]);
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert!(store.picture(ours, &id("A"), 1).await.unwrap() == Some(large));
    assert!(store.picture(ours, &a, 2).await.unwrap() == Some(other));
}

pub(crate) async fn an_errand_that_fails_disturbs_no_other(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    let link =
        |n: u8| NewLink { hash: SecretHash([n / 2; 32]), made_at: at(0), made_by: LinkMaker::Recipient };
    // Each hash twice: one of each two must fail, and all come at once.
    let a = id("a");
    let answers = join_all((0..40).map(|n| house.store.add_link(house.ours, &a, link(n)))).await;
    let made = answers.iter().filter(|answer| matches!(answer, Ok(Some(_)))).count();
    assert_eq!((made, answers.iter().filter(|answer| answer.is_err()).count()), (20, 20));
    assert_eq!(house.store.links(house.ours, &a).await.unwrap().len(), 20);
}
