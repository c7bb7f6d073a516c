//! The machine under every order of events, and the journeys that matter told one by one.

use proptest::prelude::*;

use super::*;

fn open() -> Vec<Order> {
    vec![Order::Open, Order::Ring(Bell::Next, Pace::PATIENCE)]
}

fn close_and_ring(wait: u32) -> Vec<Order> {
    vec![Order::Close, Order::Ring(Bell::Next, wait)]
}

fn live() -> Machine {
    let (mut machine, orders) = Machine::start(true, true);
    assert_eq!(orders, open());
    assert_eq!(machine.link(), Link::Connecting);
    assert_eq!(machine.on(Event::Opened, 0.0, 0.0), [Order::Silence(Bell::Next)]);
    assert_eq!(machine.link(), Link::Live);
    machine
}

#[test]
fn a_page_without_a_view_asks_before_it_opens_the_stream() {
    let (mut machine, orders) = Machine::start(false, true);
    assert_eq!(orders, [Order::Ask]);
    assert_eq!(machine.on(Event::Answered, 0.0, 0.0), open());
}

#[test]
fn a_stream_that_worked_is_tried_again_soon_and_says_so() {
    let mut machine = live();
    assert_eq!(machine.on(Event::Broken { refused: false }, 60_000.0, 0.0), close_and_ring(Pace::FIRST / 2));
    assert_eq!(machine.link(), Link::Reconnecting);
    assert_eq!(machine.on(Event::Rang(Bell::Next), 60_250.0, 0.0), open());
    assert_eq!(machine.link(), Link::Reconnecting, "until it is open");
    machine.on(Event::Opened, 60_300.0, 0.0);
    assert_eq!(machine.link(), Link::Live);
}

#[test]
fn a_network_that_is_down_is_tried_ever_more_rarely_and_never_polled() {
    let mut machine = live();
    let mut waits = Vec::new();
    for _ in 0..10 {
        match machine.on(Event::Broken { refused: false }, 60_000.0, 1.0)[..] {
            [Order::Close, Order::Ring(Bell::Next, wait)] => waits.push(wait),
            ref other => panic!("{other:?}"),
        }
        assert_eq!(machine.on(Event::Rang(Bell::Next), 60_000.0, 0.0), open());
    }
    assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
}

#[test]
fn a_stream_that_is_refused_three_times_gives_way_to_polling_and_is_tried_again_later() {
    let (mut machine, _) = Machine::start(true, true);
    for _ in 0..2 {
        machine.on(Event::Broken { refused: true }, 0.0, 0.0);
        machine.on(Event::Rang(Bell::Next), 0.0, 0.0);
    }
    let polling = [Order::Close, Order::Ask, Order::Ring(Bell::Next, Pace::POLL)];
    assert_eq!(machine.on(Event::Broken { refused: true }, 0.0, 0.0), polling);
    machine.on(Event::Answered, 0.0, 0.0);
    assert_eq!(machine.link(), Link::Polling);
    // Soon at first, then more and more seldom.
    for asked in [1, 2, 4, 8, 16, 20, 20] {
        for _ in 1..asked {
            assert_eq!(machine.on(Event::Rang(Bell::Next), 0.0, 0.0), polling[1..]);
        }
        assert_eq!(machine.on(Event::Rang(Bell::Next), 0.0, 0.0), open());
        assert_eq!(machine.on(Event::Broken { refused: true }, 0.0, 0.0), polling);
        assert_eq!(machine.link(), Link::Polling, "a probe in vain is no news");
    }
}

#[test]
fn streams_that_open_and_break_at_once_give_way_to_polling() {
    let mut machine = live();
    for _ in 0..2 {
        machine.on(Event::Broken { refused: false }, 100.0, 0.0);
        machine.on(Event::Rang(Bell::Next), 0.0, 0.0);
        machine.on(Event::Opened, 0.0, 0.0);
    }
    assert!(machine.on(Event::Broken { refused: false }, 100.0, 0.0).contains(&Order::Ask));
}

#[test]
fn a_stream_held_up_on_the_way_gives_way_to_polling() {
    let (mut machine, _) = Machine::start(true, true);
    for _ in 0..2 {
        assert_eq!(machine.on(Event::Rang(Bell::Next), 0.0, 0.0)[0], Order::Close);
        machine.on(Event::Rang(Bell::Next), 0.0, 0.0);
    }
    assert!(machine.on(Event::Rang(Bell::Next), 0.0, 0.0).contains(&Order::Ask));
}

#[test]
fn polling_waits_as_long_as_the_server_wants() {
    let (mut machine, _) = Machine::start(false, true);
    assert_eq!(machine.on(Event::Unanswered(90_000), 0.0, 0.0), close_and_ring(90_000));
    assert_eq!(machine.on(Event::Rang(Bell::Next), 0.0, 0.0), [Order::Ask]);
}

#[test]
fn after_a_bye_the_browser_comes_back_when_the_server_told_it_to() {
    let mut machine = live();
    assert_eq!(machine.on(Event::Bye, 100.0, 0.0), [Order::Ring(Bell::Next, Pace::PATIENCE)]);
    assert_eq!(machine.on(Event::Broken { refused: false }, 101.0, 0.0), []);
    assert_eq!(machine.link(), Link::Reconnecting);
    machine.on(Event::Opened, 3_000.0, 0.0);
    assert_eq!(machine.link(), Link::Live);
}

#[test]
fn a_server_that_is_not_back_after_its_bye_is_tried_with_patience() {
    let mut machine = live();
    machine.on(Event::Bye, 100.0, 0.0);
    machine.on(Event::Broken { refused: false }, 101.0, 0.0);
    let first = close_and_ring(Pace::FIRST / 2);
    assert_eq!(machine.on(Event::Broken { refused: false }, 3_000.0, 0.0), first);
}

#[test]
fn offline_is_quiet_and_ends_with_the_network() {
    let mut machine = live();
    let quiet = [Order::Close, Order::Silence(Bell::Next), Order::Silence(Bell::Hidden)];
    assert_eq!(machine.on(Event::Offline, 0.0, 0.0), quiet);
    assert_eq!(machine.link(), Link::Offline);
    assert_eq!(machine.on(Event::Shown, 0.0, 0.0), []);
    assert_eq!(machine.on(Event::Online, 0.0, 0.0), open());
}

#[test]
fn out_of_sight_for_long_lets_go_and_catches_up_on_return() {
    let mut machine = live();
    assert_eq!(machine.on(Event::Hidden, 0.0, 0.0), [Order::Ring(Bell::Hidden, Pace::HIDDEN)]);
    assert_eq!(machine.on(Event::Shown, 0.0, 0.0), [Order::Silence(Bell::Hidden)]);
    machine.on(Event::Hidden, 0.0, 0.0);
    assert_eq!(machine.on(Event::Rang(Bell::Hidden), 0.0, 0.0)[0], Order::Close);
    assert_eq!(machine.on(Event::Shown, 0.0, 0.0), open());
}

#[test]
fn a_shipment_that_is_gone_is_left_alone() {
    let mut machine = live();
    assert_eq!(machine.on(Event::Gone, 0.0, 0.0)[0], Order::Close);
    assert_eq!(machine.on(Event::Online, 0.0, 0.0), []);
}

#[test]
fn only_a_higher_sequence_is_news() {
    assert!(is_news(None, 0) && is_news(Some(1), 2));
    assert!(!is_news(Some(2), 2) && !is_news(Some(2), 1));
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Opened),
        any::<bool>().prop_map(|refused| Event::Broken { refused }),
        Just(Event::Bye),
        Just(Event::Answered),
        any::<u32>().prop_map(Event::Unanswered),
        Just(Event::Online),
        Just(Event::Offline),
        Just(Event::Hidden),
        Just(Event::Shown),
        Just(Event::Rang(Bell::Next)),
        Just(Event::Rang(Bell::Hidden)),
        Just(Event::Retry),
    ]
}

proptest! {
    /// Whatever happens, a page in sight with a network ends up live once the stream opens: it never
    /// stops trying, and never opens a second stream beside an open one.
    #[test]
    fn no_history_leaves_the_page_stuck(
        events in prop::collection::vec((any_event(), 0.0..1.0f64), 0..60),
        has_view: bool,
        online: bool,
    ) {
        let (mut machine, mut orders) = Machine::start(has_view, online);
        let mut open = false;
        let mut step = |orders: &[Order]| {
            for order in orders {
                match order {
                    Order::Open => { prop_assert!(!open, "a second stream"); open = true; }
                    Order::Close => open = false,
                    _ => {}
                }
            }
            Ok(())
        };
        step(&orders)?;
        let mut now = 0.0;
        for (event, luck) in events {
            now += 100.0;
            orders = machine.on(event, now, luck);
            step(&orders)?;
        }
        for event in [Event::Online, Event::Shown] {
            orders = machine.on(event, now, 0.5);
            step(&orders)?;
        }
        for _ in 0..100 {
            if machine.link() == Link::Live {
                return Ok(());
            }
            for event in [Event::Answered, Event::Opened, Event::Rang(Bell::Next)] {
                orders = machine.on(event, now, 0.5);
                step(&orders)?;
                if event == Event::Opened && machine.link() == Link::Live { break; }
            }
        }
        prop_assert!(false, "stuck: {:?}", machine);
    }
}
