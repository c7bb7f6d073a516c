//! What is chosen by which rule, and what must hold for any providers and any order: nothing is chosen that does
//! not fit, and in whatever order providers come, the choice is the same.

use doorstep_model::time::Timestamp;
use proptest::prelude::*;

use super::super::parcel::{AMBIENT, Measured};
use super::super::zone::Position;
use super::*;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_270_200_000 + minutes * 60_000)
}

fn parcel() -> Parcel {
    Parcel {
        from: Position::new(32.8146, -96.8198),
        to: Position::new(32.8284, -96.7768),
        country: Some("US".to_owned()),
        postal_code: Some("75206".to_owned()),
        weight: Measured::Known(4_500.0),
        edges: Measured::Unsaid,
        temperature: AMBIENT.to_owned(),
        contents: Default::default(),
        signature: false,
        ready_at: at(0),
        due_by: None,
    }
}

fn provider(name: &str, base: f64, minutes: u32) -> (ProviderId, ProviderConfig) {
    let json = serde_json::json!({
        "name": name,
        "services": [{"id": "delivery", "type": "Delivery", "terms": {"base": base, "pickupMinutes": 0, "deliveryMinutes": minutes}}],
        "kind": {"type": "ownFleet"},
    });
    let config: ProviderConfig = serde_json::from_value(json).unwrap();
    assert_eq!(config.fault(), None);
    (name.parse().unwrap(), config)
}

/// The ids in the order in which they would be tried, and who was passed over.
fn choose(
    providers: &[(ProviderId, ProviderConfig)],
    parcel: &Parcel,
    proposals: &[Proposal],
    rules: &Rules,
) -> (Vec<String>, Vec<Passed>) {
    let known = providers.iter().map(|(id, config)| (id, config));
    let (candidates, mut passed) = consider(parcel, known, proposals, "USD");
    let offers = candidates.iter().map(|c| c.offer(c.service.terms.estimate(parcel, at(0)))).collect();
    let (ranked, late) = rank(offers, parcel, rules);
    passed.extend(late);
    (ranked.into_iter().map(|offer| format!("{}/{}", offer.provider, offer.service)).collect(), passed)
}

#[test]
fn each_rule_has_its_own_best() {
    let providers = [provider("slow", 4.0, 90), provider("fast", 9.0, 20), provider("both", 4.0, 60)];
    let chosen = |choose_by: Choose, preferred: &[&str]| {
        let preferred = preferred.iter().map(|id| id.parse().unwrap()).collect();
        let rules = Rules { choose: choose_by, preferred, ..Rules::default() };
        choose(&providers, &parcel(), &[], &rules).0
    };
    assert_eq!(chosen(Choose::Cheapest, &[]), ["both/delivery", "slow/delivery", "fast/delivery"]);
    assert_eq!(chosen(Choose::Fastest, &[]), ["fast/delivery", "both/delivery", "slow/delivery"]);
    let preferred = chosen(Choose::Preferred, &["gone", "slow"]);
    assert_eq!(preferred, ["slow/delivery", "both/delivery", "fast/delivery"], "the rest by price");
}

#[test]
fn an_order_may_propose_providers_and_services() {
    let providers = [provider("DoorDash", 9.0, 20), provider("Uber", 4.0, 60)];
    let proposal = |name: &str, services: &[&str]| Proposal {
        name: name.to_owned(),
        services: services.iter().map(ToString::to_string).collect(),
    };
    let chosen = |proposals: &[Proposal]| choose(&providers, &parcel(), proposals, &Rules::default());
    assert_eq!(chosen(&[proposal("doordash", &[])]).0, ["DoorDash/delivery"]);
    assert_eq!(chosen(&[proposal("DoorDash", &["delivery"])]).0, ["DoorDash/delivery"]);
    let (none, passed) = chosen(&[proposal("DoorDash", &["express"])]);
    assert!(none.is_empty());
    assert!(passed.iter().all(|passed| passed.why == Misfit::NotProposed) && passed.len() == 2);
}

#[test]
fn who_would_come_too_late_or_charges_otherwise_is_passed_over() {
    let mut providers = [provider("slow", 4.0, 90), provider("fast", 9.0, 20), provider("abroad", 1.0, 10)];
    providers[2].1.currency_code = "MXN".to_owned();
    let due = Parcel { due_by: Some(at(30)), ..parcel() };
    let (chosen, passed) = choose(&providers, &due, &[], &Rules::default());
    assert_eq!(chosen, ["fast/delivery"]);
    let passed: Vec<_> = passed.into_iter().map(|passed| (passed.shown, passed.why)).collect();
    let expected =
        [("abroad".to_owned(), Misfit::Currency("MXN".to_owned())), ("slow".to_owned(), Misfit::TooLate)];
    assert_eq!(passed, expected);
}

#[test]
fn a_kilometre_costs_and_an_order_is_not_collected_before_it_is_ready() {
    let (_, mut config) = provider("p", 2.0, 30);
    config.services[0].terms.per_km = super::super::money::Amount::new(1.0).unwrap();
    let later = Parcel { ready_at: at(120), ..parcel() };
    let estimate = config.services[0].terms.estimate(&later, at(0));
    assert_eq!((estimate.pickup_at, estimate.deliver_at), (at(120), at(150)));
    assert_eq!(estimate.amount.to_string(), "6.30", "4.30 km");
}

prop_compose! {
    fn providers()(terms in prop::collection::vec((0u8..4, 0u32..4, 0u8..8, any::<bool>()), 0..8))
        -> Vec<(ProviderId, ProviderConfig)> {
        terms.into_iter().enumerate().map(|(index, (price, time, limits, enabled))| {
            let (id, mut config) = provider(&format!("p{index}"), f64::from(price), time * 10);
            config.enabled = enabled;
            if limits & 1 != 0 { config.carries.contents = vec!["alcohol".to_owned()]; }
            if limits & 2 != 0 { config.carries.postal_codes = vec!["752*".parse().unwrap()]; }
            if limits & 4 != 0 {
                config.carries.most_weight = serde_json::from_str(r#"{"value": 5, "unit": "kg"}"#).unwrap();
            }
            (id, config)
        }).collect()
    }
}

prop_compose! {
    fn parcels()(alcohol in any::<bool>(), near in any::<bool>(), heavy in any::<bool>(), due in prop::option::of(0i64..40))
        -> Parcel {
        let postal_code = Some(if near { "75206" } else { "10001" }.to_owned());
        let weight = Measured::Known(if heavy { 9_000.0 } else { 1_000.0 });
        let contents = alcohol.then(|| "alcohol".to_owned()).into_iter().collect();
        Parcel { contents, postal_code, weight, due_by: due.map(at), ..parcel() }
    }
}

proptest! {
    #[test]
    fn any_order_of_providers_gives_the_same_choice(
        providers in providers(), parcel in parcels(), seed in any::<u64>(), by in 0usize..3,
    ) {
        let preferred = vec!["p3".parse().unwrap(), "p1".parse().unwrap()];
        let rules = Rules {
            choose: [Choose::Cheapest, Choose::Fastest, Choose::Preferred][by],
            preferred,
            ..Rules::default()
        };
        let mut shuffled = providers.clone();
        let mut state = seed;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(index, (state >> 33) as usize % (index + 1));
        }
        let (ranked, passed) = choose(&providers, &parcel, &[], &rules);
        let (again, passed_again) = choose(&shuffled, &parcel, &[], &rules);
        prop_assert_eq!(&ranked, &again);
        prop_assert_eq!(passed.len(), passed_again.len());
        prop_assert_eq!(ranked.len() + passed.len(), providers.len(), "each is chosen or has a reason");
    }

    #[test]
    fn nothing_is_chosen_that_does_not_fit(providers in providers(), parcel in parcels()) {
        let rules = Rules::default();
        for chosen in choose(&providers, &parcel, &[], &rules).0 {
            let (_, config) =
                providers.iter().find(|(id, _)| chosen == format!("{id}/delivery")).unwrap();
            prop_assert!(config.enabled);
            let known = |code: &String| code.starts_with("752");
            prop_assert!(config.carries.postal_codes.is_empty() || parcel.postal_code.as_ref().is_some_and(known));
            prop_assert!(parcel.contents.is_empty() || !config.carries.contents.is_empty());
            let light = matches!(parcel.weight, Measured::Known(grams) if grams <= 5_000.0);
            prop_assert!(config.carries.most_weight.is_none() || light);
            let minutes = i64::from(config.services[0].terms.delivery_minutes);
            prop_assert!(parcel.due_by.is_none_or(|due| at(minutes) <= due));
        }
    }
}
