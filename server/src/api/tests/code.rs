//! The delivery code: shown late, to the person, each time noted; tried five times; the right one delivers.

mod secrecy;

use super::house::House;
use super::visitor::{
    CODE, WRONG, ask, happens, person, problem, proved, session, ship, ship_to, tries_left, try_code, unlock,
};

/// A shipment on its way to the door.
async fn at_the_door() -> House {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    happens(&house, "DS-1", "out", "out_for_delivery").await;
    house
}

async fn reveal(house: &House, token: &str) -> super::house::Answer {
    ask(house, "POST /code/reveal", "DS-1", token, "").await
}

#[tokio::test]
async fn it_is_shown_to_the_person_while_the_courier_is_on_the_way_and_noted() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    let token = proved(&house, "DS-1").await;
    assert_eq!(problem(&reveal(&house, &token).await), (409, "code_too_early".to_owned()));
    happens(&house, "DS-1", "out", "out_for_delivery").await;
    let link_alone = session(&house, "DS-1").await;
    assert_eq!(problem(&reveal(&house, &link_alone).await), (403, "step_up_needed".to_owned()));

    let answer = reveal(&house, &token).await;
    assert_eq!((answer.at("/code"), answer.at("/version").1), ((200, CODE.into()), 1.into()));
    assert_eq!(answer.at("/qr/size").1, 29);
    assert!(answer.at("/qr/path").1.as_str().is_some_and(|path| path.starts_with("M4 4h7")));
    assert_eq!(answer.headers["cache-control"], "no-store");
    reveal(&house, &token).await;
    let view = ask(&house, "GET ", "DS-1", &link_alone, "").await;
    assert_eq!(view.at("/code/reveals"), (200, 2.into()), "{}", view.text);
    assert_eq!(view.at("/code/revealedAt/1").1, super::house::NOW);

    happens(&house, "DS-1", "done", "delivered").await;
    assert_eq!(problem(&reveal(&house, &token).await), (409, "code_too_late".to_owned()));
}

#[tokio::test]
async fn the_right_code_delivers_once() {
    let house = at_the_door().await;
    let answer = try_code(&house, "DS-1", CODE).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    insta::assert_snapshot!(answer.text, @r#"{"state":"verified","triesLeft":5,"sequence":4}"#);
    let shipment = house.get("/shipments/DS-1").await;
    assert_eq!(shipment.at("/status"), (200, "delivered".into()));
    let again = try_code(&house, "DS-1", CODE).await;
    assert_eq!(again.text, answer.text, "a repeat gets the same answer");
    assert_eq!(problem(&try_code(&house, "DS-1", WRONG).await), (409, "code_too_late".to_owned()));
    let events = house.get("/shipments/DS-1").await.json();
    let delivered: Vec<_> = events["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|event| event["status"] == "delivered")
        .map(|event| (event["id"].clone(), event["source"].clone()))
        .collect();
    assert_eq!(delivered, [("code-verified-1".into(), "carrier-app".into())]);
}

#[tokio::test]
async fn the_delivery_has_the_callers_id_unless_it_is_another_events() {
    let house = at_the_door().await;
    let verify = async |id: &str| {
        let body = format!(r#"{{"code":"{CODE}","eventId":"{id}"}}"#);
        house.call("POST /api/v1/shipments/DS-1/code/verify", &house.carrier, &[], &body).await
    };
    let clash = verify("out").await;
    assert_eq!(clash.at("/errors/0/pointer"), (422, "/eventId".into()));
    assert_eq!(verify("").await.status, 422);
    assert_eq!(verify("mine").await.status, 200);
    let shipment = house.get("/shipments/DS-1").await;
    assert!(shipment.text.contains(r#""id":"mine""#), "{}", shipment.text);
}

#[tokio::test]
async fn five_wrong_codes_lock_until_staff_decide() {
    let house = at_the_door().await;
    for left in (0..5).rev() {
        // Of any length that a code can have.
        let answer = try_code(&house, "DS-1", if left % 2 == 0 { WRONG } else { "1234" }).await;
        assert_eq!((problem(&answer), tries_left(&answer)), ((422, "code_wrong".to_owned()), left.into()));
    }
    for code in [CODE, WRONG] {
        assert_eq!(problem(&try_code(&house, "DS-1", code).await), (423, "locked".to_owned()));
    }
    unlock(&house, "DS-1", "identity").await;
    assert_eq!(try_code(&house, "DS-1", CODE).await.status, 423, "that was the other lock");
    unlock(&house, "DS-1", "code").await;
    assert_eq!(try_code(&house, "DS-1", CODE).await.at("/triesLeft"), (200, 5.into()));
}

#[tokio::test]
async fn what_to_unlock_is_one_of_two_words() {
    let house = at_the_door().await;
    for (body, status) in [
        (r#"{"what":"all"}"#, 422),
        (r#"{"what":{"code":null}}"#, 400),
        ("{}", 400),
        (r#"{"what":null}"#, 400),
    ] {
        let answer = house.post("/shipments/DS-1/unlock", body).await;
        assert_eq!(answer.at("/errors/0/pointer"), (status, "/what".into()), "{body}");
    }
}

#[tokio::test]
async fn of_fifty_wrong_codes_at_once_five_are_answered() {
    let house = at_the_door().await;
    let answers = futures_util::future::join_all((0..50).map(|_| try_code(&house, "DS-1", WRONG))).await;
    let told = |code: &str| answers.iter().filter(|answer| problem(answer).1 == code).count();
    assert_eq!((told("code_wrong"), told("locked")), (5, 45));
    assert_eq!(try_code(&house, "DS-1", CODE).await.status, 423);
}

#[tokio::test]
async fn what_can_be_no_code_is_refused_and_not_counted() {
    let house = at_the_door().await;
    for code in ["", "839", "839201750", "8392017a", "８３９２", " 83920175"] {
        let answer = try_code(&house, "DS-1", code).await;
        assert_eq!(answer.at("/errors/0/pointer"), (422, "/code".into()), "{code}");
        assert!(code.is_empty() || !answer.text.contains(code));
    }
    assert_eq!(tries_left(&try_code(&house, "DS-1", WRONG).await), 4);
}

#[tokio::test]
async fn before_the_last_step_right_and_wrong_are_alike_and_count_nothing() {
    let house = House::new().await;
    ship(&house, "DS-1").await;
    happens(&house, "DS-1", "transit", "in_transit").await;
    let (right, wrong) = (try_code(&house, "DS-1", CODE).await, try_code(&house, "DS-1", WRONG).await);
    assert_eq!(problem(&right), (409, "code_too_early".to_owned()));
    assert_eq!(right.text, wrong.text);
    happens(&house, "DS-1", "out", "out_for_delivery").await;
    assert_eq!(tries_left(&try_code(&house, "DS-1", WRONG).await), 4);
}

#[tokio::test]
async fn another_code_takes_the_place_of_the_one_before_but_not_of_its_wrong_tries() {
    let house = at_the_door().await;
    let draw = async |key: &str| house.call("POST /api/v1/shipments/DS-1/code", key, &[], "").await;
    assert_eq!(problem(&draw(&house.manager).await), (409, "code_too_late".to_owned()));
    try_code(&house, "DS-1", WRONG).await;
    house.wait(std::time::Duration::from_secs(60));
    happens(&house, "DS-1", "failed", "attempt_failed").await;

    let drawn = draw(&house.manager).await;
    assert_eq!((drawn.at("/version"), drawn.at("/digits").1), ((200, 2.into()), 8.into()));
    for (key, status) in [(&house.reader, 403), (&house.carrier, 403), (&house.stranger, 404)] {
        assert_eq!(draw(key).await.status.as_u16(), status);
    }
    house.wait(std::time::Duration::from_secs(60));
    happens(&house, "DS-1", "out-again", "out_for_delivery").await;
    let token = proved(&house, "DS-1").await;
    let answer = reveal(&house, &token).await;
    let code = answer.at("/code").1.as_str().unwrap_or_default().to_owned();
    assert_ne!(code, CODE);
    assert_eq!(tries_left(&try_code(&house, "DS-1", CODE).await), 3, "the first one is wrong now");
    assert_eq!(try_code(&house, "DS-1", &code).await.status, 200);
}

#[tokio::test]
async fn it_is_for_those_who_bring_it_and_only_where_there_is_one() {
    let house = at_the_door().await;
    let body = format!(r#"{{"code":"{CODE}"}}"#);
    for (key, status) in [(&house.reader, 403), (&house.stranger, 404), (&String::new(), 401)] {
        let answer = house.call("POST /api/v1/shipments/DS-1/code/verify", key, &[], &body).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    ship_to(&house, "DS-2", person(), None).await;
    happens(&house, "DS-2", "out", "out_for_delivery").await;
    assert_eq!(problem(&try_code(&house, "DS-2", CODE).await), (409, "no_code".to_owned()));
    let draw = house.post("/shipments/DS-2/code", "").await;
    assert_eq!(problem(&draw), (409, "no_code".to_owned()));
    let token = proved(&house, "DS-2").await;
    let reveal = ask(&house, "POST /code/reveal", "DS-2", &token, "").await;
    assert_eq!(problem(&reveal), (409, "no_code".to_owned()));
    let unlock = house.post("/shipments/DS-2/unlock", r#"{"what":"code"}"#).await;
    assert_eq!(problem(&unlock), (409, "no_code".to_owned()));
}
