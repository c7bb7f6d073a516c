//! Laws of amendments: each is decided on what stood when it was its turn, and kept with what it tells.

use std::sync::Arc;

use doorstep_model::handoff::{Amended, Amendment, Refusal};
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use futures_util::future::join_all;

use super::samples::{at, code_tried, comment, event, full_details, full_handoff, id, new, proof, with_code};
use super::{Engine, House, Witness};
use crate::access::{LinkMaker, NewLink, NewSession, SecretHash};
use crate::store::{Creation, Filter, NewShipment, PageRequest, PageStart, Picture};

fn said(shipment: &Shipment) -> (&str, u32) {
    let comment = shipment.handoff().preferences.comment.as_ref().unwrap();
    (comment.value.as_ref().unwrap().as_str(), comment.version)
}

pub(crate) async fn amendments_and_events_interleave(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(with_code("a")).await;
    let (amended, shipment) = house.amend("A", comment("one", 0)).await;
    assert_eq!((amended, said(&shipment), shipment.sequence()), (Amended::Taken, ("one", 1), 3));
    house.record("a", vec![event("e1", 1, Status::Arrived)]).await;
    let (amended, shipment) = house.amend("a", code_tried(true)).await;
    assert_eq!(amended, Amended::Taken);
    assert_eq!((shipment.sequence(), shipment.journey().status), (6, Status::Delivered));
    assert_eq!(shipment.events().len(), 3);
    let recorded =
        house.record("a", vec![event("code-verified", 9, Status::Failed), event("e2", 2, Status::Arrived)]);
    assert_eq!(recorded.await.taken.len(), 1, "what an amendment told is known");
    let kept = house.read(house.ours, "a").await.unwrap();
    assert_eq!((kept.sequence(), said(&kept)), (7, ("one", 1)));
    assert_eq!(house.witness.of("a"), [2, 3, 4, 6, 7]);
    let request = PageRequest { start: PageStart::Newest, limit: 5 };
    let page = house.store.shipments_of(house.ours, Filter::default(), request).await.unwrap();
    assert_eq!(page.shipments, [kept]);
}

pub(crate) async fn a_refused_amendment_changes_nothing(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    house.amend("a", comment("one", 0)).await;
    let before = house.read(house.ours, "a").await.unwrap();
    for (amendment, expected) in [
        (comment("two", 0), Amended::Refused(Refusal::Conflict)),
        (comment("one", 0), Amended::Unchanged),
        (Amendment::CodeRevealed, Amended::Refused(Refusal::NoCode)),
        (Amendment::IdentityUnlocked, Amended::Unchanged),
    ] {
        let (amended, shipment) = house.amend("a", amendment).await;
        assert_eq!((amended, &shipment), (expected, &before));
    }
    assert_eq!(house.read(house.ours, "a").await.unwrap(), before);
    assert_eq!(house.witness.of("a"), [1, 2]);
}

pub(crate) async fn of_two_editors_on_one_version_one_wins(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(new("a", vec![])).await;
    for round in 0..20 {
        let texts: Vec<String> = (0..8).map(|editor| format!("r{round}-{editor}")).collect();
        let edits = texts.iter().map(|text| house.amend("a", comment(text, round)));
        let mut won = Vec::new();
        for ((amended, _), text) in join_all(edits).await.into_iter().zip(&texts) {
            match amended {
                Amended::Taken => won.push(text.as_str()),
                other => assert_eq!(other, Amended::Refused(Refusal::Conflict)),
            }
        }
        let kept = house.read(house.ours, "a").await.unwrap();
        assert_eq!(won.len(), 1);
        assert_eq!(said(&kept), (won[0], round + 1));
    }
}

pub(crate) async fn wrong_tries_at_once_are_all_counted(engine: impl Engine) {
    let house = House::on(&engine).await;
    for wrong in [code_tried(false), Amendment::IdentityTried { right: false }] {
        let name = format!("a-{}", matches!(wrong, Amendment::CodeTried { .. }));
        house.create(with_code(&name)).await;
        let answers = join_all((0..50).map(|_| house.amend(&name, wrong.clone()))).await;
        let taken = answers.iter().filter(|(amended, _)| *amended == Amended::Taken).count();
        let locked =
            answers.iter().filter(|(amended, _)| *amended == Amended::Refused(Refusal::Locked)).count();
        assert_eq!((taken, locked), (5, 45));
        let right = match wrong {
            Amendment::CodeTried { .. } => code_tried(true),
            _ => Amendment::IdentityTried { right: true },
        };
        let (amended, shipment) = house.amend(&name, right).await;
        assert_eq!(amended, Amended::Refused(Refusal::Locked));
        assert_eq!((shipment.journey().status, shipment.sequence()), (Status::OutForDelivery, 2 + 5));
    }
}

pub(crate) async fn the_right_code_ends_the_journey_once(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(with_code("a")).await;
    let answers = join_all((0..20).map(|_| house.amend("a", code_tried(true)))).await;
    let taken = answers.iter().filter(|(amended, _)| *amended == Amended::Taken).count();
    let repeats = answers.iter().filter(|(amended, _)| *amended == Amended::Unchanged).count();
    assert_eq!((taken, repeats), (1, 19));
    let kept = house.read(house.ours, "a").await.unwrap();
    assert_eq!((kept.sequence(), kept.events().len(), kept.journey().status), (4, 2, Status::Delivered));
}

pub(crate) async fn a_repeated_creation_shows_no_amendment(engine: impl Engine) {
    let house = House::on(&engine).await;
    let asked = NewShipment { once: house.once("k", 1), ..with_code("a") };
    let first = house.create(asked.clone()).await;
    house.amend("a", comment("one", 0)).await;
    house.amend("a", code_tried(true)).await;
    let again = house.store.create_shipment(house.ours, asked).await.unwrap();
    assert!(matches!(&again, Creation::Repeated(again) if *again == first), "{again:?}");
}

pub(crate) async fn amendments_are_there_after_a_drop(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(with_code("a")).await;
    house.create(NewShipment { details: full_details(), ..new("b", vec![]) }).await;
    for amendment in [
        comment("one \"quoted\", it's\n\u{1F468}\u{200D}\u{1F469}", 0),
        Amendment::ProofTaken(proof("p-1")),
        Amendment::IdentityTried { right: false },
        Amendment::CodeRevealed,
        code_tried(false),
        code_tried(true),
    ] {
        let (amended, _) = house.amend("a", amendment).await;
        assert_eq!(amended, Amended::Taken);
    }
    let (amended, whole) = house.amend("b", Amendment::IdentityTried { right: false }).await;
    assert_eq!(amended, Amended::Taken);
    let mut expected = full_handoff();
    expected.identity_tries += 1;
    assert_eq!(*whole.handoff(), expected);
    let before = house.read(house.ours, "a").await.unwrap();
    drop(house);
    let store = engine.open(Arc::new(Witness::default())).await;
    assert_eq!(store.shipment(&id("a")).await.unwrap(), Some(before));
    assert_eq!(store.shipment(&id("b")).await.unwrap(), Some(whole));
}

pub(crate) async fn amendments_of_what_is_not_theirs_find_nothing(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.create(with_code("a")).await;
    for (tenant, name) in [(house.theirs, "a"), (house.ours, "nowhere")] {
        let answer = house.store.amend(tenant, &id(name), code_tried(true), at(1)).await.unwrap();
        assert!(answer.is_none(), "{answer:?}");
    }
    assert_eq!(house.read(house.ours, "a").await.unwrap().sequence(), 2);
}

pub(crate) async fn a_new_beginning_forgets_the_handoff_and_keeps_who_watches(engine: impl Engine) {
    let house = House::on(&engine).await;
    house.store.begin_anew(house.ours, with_code("a")).await.unwrap();
    house.amend("a", Amendment::ProofTaken(proof("p-1"))).await;
    house.amend("a", code_tried(true)).await;
    let picture = Picture { media_type: "image/png".to_owned(), bytes: vec![1, 2, 3].into() };
    house.store.keep_picture(house.ours, &id("a"), 1, picture).await.unwrap();
    let link = NewLink { hash: SecretHash([1; 32]), made_at: at(0), made_by: LinkMaker::Client };
    house.store.add_link(house.ours, &id("a"), link).await.unwrap().unwrap();
    let token = SecretHash([2; 32]);
    let session = NewSession { token, at: at(1), stepped_up_until: None };
    let session = house.store.exchange_link(&id("a"), &link.hash, session).await.unwrap().unwrap();

    let begun = house.store.begin_anew(house.ours, with_code("A")).await.unwrap();
    let Creation::Created(begun) = begun else { panic!("{begun:?}") };
    let kept = house.read(house.ours, "a").await.unwrap();
    assert_eq!(kept, begun);
    assert_eq!((kept.is_amended(), kept.sequence()), (false, 7));
    assert_eq!(kept.handoff(), &with_code("a").details.handoff);
    assert!(house.store.picture(house.ours, &id("a"), 1).await.unwrap().is_none());
    let watching = house.store.session(&token).await.unwrap().unwrap();
    assert_eq!((watching.id, watching.link), (session.id, session.link));
    let (amended, _) = house.amend("a", code_tried(false)).await;
    assert_eq!(amended, Amended::Taken, "the new round is tried from the start");
}
