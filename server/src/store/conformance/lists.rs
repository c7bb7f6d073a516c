//! Laws of lists: key-set pages, newest first, exact at both ends.

use doorstep_model::status::Status;

use super::samples::{at, event, new};
use super::{Engine, House};
use crate::store::{Filter, NewShipment, Page, PageRequest, PageStart};

async fn page(house: &House, filter: &Filter, start: PageStart) -> Page {
    let request = PageRequest { start, limit: 3 };
    house.store.shipments_of(house.ours, filter.clone(), request).await.unwrap()
}

fn names(page: &Page) -> Vec<&str> {
    page.shipments.iter().map(|shipment| shipment.tracking_id().as_str()).collect()
}

/// Shipments `s0` to `s{count - 1}`, each changed `10 * n` seconds after the start; every fourth is
/// delivered, the others are created.
async fn fill(house: &House, count: usize) {
    for n in 0..count {
        let status = if n % 4 == 0 { Status::Delivered } else { Status::Created };
        house.create(new(&format!("s{n}"), vec![event("e", 10 * n as i64, status)])).await;
        let foreign = new(&format!("t{n}"), vec![event("e", 10 * n as i64, status)]);
        house.store.create_shipment(house.theirs, foreign).await.unwrap();
    }
}

/// Every page from the newest to the oldest, checked on the way back as well.
async fn walk(house: &House, filter: &Filter) -> Vec<Vec<String>> {
    let mut pages = vec![page(house, filter, PageStart::Newest).await];
    assert_eq!(pages[0].newer, None);
    while let Some(older) = pages.last().unwrap().older {
        pages.push(page(house, filter, PageStart::OlderThan(older)).await);
    }
    for pair in pages.windows(2) {
        let newer = pair[1].newer.expect("a page that follows another has newer ones");
        let back = page(house, filter, PageStart::NewerThan(newer)).await;
        assert_eq!(names(&back), names(&pair[0]));
        assert_eq!((back.newer, back.older), (pair[0].newer, pair[0].older));
    }
    pages.iter().map(|page| names(page).into_iter().map(str::to_owned).collect()).collect()
}

pub(crate) async fn pages_lead_there_and_back(engine: impl Engine) {
    let house = House::on(&engine).await;
    assert!(walk(&house, &Filter::default()).await.concat().is_empty());
    fill(&house, 6).await;
    let all = [["s5", "s4", "s3"], ["s2", "s1", "s0"]];
    assert_eq!(walk(&house, &Filter::default()).await, all);
    house.create(new("s6", vec![])).await;
    let pages = walk(&house, &Filter::default()).await;
    assert_eq!(pages, [vec!["s6", "s5", "s4"], vec!["s3", "s2", "s1"], vec!["s0"]]);
    let newest = page(&house, &Filter::default(), PageStart::Newest).await;
    assert_eq!(newest.shipments[1].events().len(), 1);
}

pub(crate) async fn pages_hold_while_new_shipments_arrive(engine: impl Engine) {
    let house = House::on(&engine).await;
    let filter = Filter::default();
    fill(&house, 5).await;
    let first = page(&house, &filter, PageStart::Newest).await;
    fill_more(&house, 5..9).await;
    let second = page(&house, &filter, PageStart::OlderThan(first.older.unwrap())).await;
    assert_eq!(names(&second), ["s1", "s0"]);
    assert_eq!(second.older, None);
    let back = page(&house, &filter, PageStart::NewerThan(second.newer.unwrap())).await;
    assert_eq!(names(&back), ["s4", "s3", "s2"]);
    let on = page(&house, &filter, PageStart::NewerThan(back.newer.unwrap())).await;
    assert_eq!(names(&on), ["s7", "s6", "s5"]);
    let end = page(&house, &filter, PageStart::NewerThan(on.newer.unwrap())).await;
    assert_eq!((names(&end), end.newer), (vec!["s8"], None));
    assert_eq!(page(&house, &filter, PageStart::OlderThan(end.older.unwrap())).await.newer, on.newer);
}

async fn fill_more(house: &House, range: std::ops::Range<usize>) {
    for n in range {
        house.create(new(&format!("s{n}"), vec![])).await;
    }
}

pub(crate) async fn filters_choose_by_status_and_change(engine: impl Engine) {
    let house = House::on(&engine).await;
    fill(&house, 6).await;
    let of = |statuses: &[Status], since: Option<i64>| Filter {
        statuses: statuses.to_vec(),
        updated_since: since.map(at),
    };
    let all = async |filter: Filter| walk(&house, &filter).await.concat();
    assert_eq!(all(of(&[Status::Delivered], None)).await, ["s4", "s0"]);
    assert_eq!(all(of(&[Status::Delivered, Status::Created], None)).await.len(), 6);
    assert_eq!(all(of(&[Status::Created, Status::Created], None)).await, ["s5", "s3", "s2", "s1"]);
    assert!(all(of(&[Status::Cancelled], None)).await.is_empty());
    assert_eq!(all(of(&[], Some(40))).await, ["s5", "s4"]);
    assert_eq!(all(of(&[Status::Delivered], Some(40))).await, ["s4"]);
    house.record("s1", vec![event("done", 400, Status::Delivered)]).await;
    assert_eq!(all(of(&[Status::Delivered], None)).await, ["s4", "s1", "s0"]);
    assert_eq!(all(of(&[], Some(41))).await, ["s5", "s1"]);
    house.create(NewShipment { created_at: at(500), ..new("s9", vec![]) }).await;
    assert_eq!(all(of(&[Status::Unknown], Some(500))).await, ["s9"]);
}

pub(crate) async fn filtered_pages_know_their_ends(engine: impl Engine) {
    let house = House::on(&engine).await;
    fill(&house, 26).await;
    for (statuses, since, count) in [
        (vec![Status::Delivered], None, 7),
        (vec![Status::Created, Status::Delivered], None, 26),
        (vec![], Some(at(100)), 16),
        (vec![Status::Created], Some(at(100)), 12),
    ] {
        let filter = Filter { statuses, updated_since: since };
        let pages = walk(&house, &filter).await;
        assert_eq!(pages.concat().len(), count, "{filter:?}");
        assert_eq!(pages.len(), count.div_ceil(3), "{filter:?}");
    }
}
