//! The OpenAPI document: served, and whole.

use serde_json::{Value, json};

use super::shop::Shop;
use crate::dialects::delivery_solutions::failure::{Call, Kind};
use crate::dialects::delivery_solutions::parts;

#[tokio::test]
async fn the_document_is_served_without_a_key() {
    let shop = Shop::open().await;
    let answer = shop.call_as("GET /openapi.json", "", "", &json!(null)).await;
    let (_, document) = parts();
    let made: Value = serde_json::from_str(&document.to_json().unwrap_or_default()).unwrap_or_default();
    assert_eq!((answer.status.as_u16(), answer.json()), (200, made));
}

#[test]
fn every_call_names_itself_and_the_errors_that_its_table_lists() {
    let (_, document) = parts();
    let operations = document.paths.paths.iter().flat_map(|(path, item)| {
        let all = [("POST", &item.post), ("GET", &item.get), ("DELETE", &item.delete), ("PUT", &item.put)];
        all.into_iter().filter_map(move |(method, operation)| Some((path, method, operation.as_ref()?)))
    });
    let mut listed = 0;
    for (path, method, operation) in operations {
        assert!(operation.operation_id.is_some() && operation.summary.is_some(), "{method} {path}");
        let short = path.trim_start_matches("/api/delivery-solutions");
        let call = match (method, short) {
            ("POST", "/shipments") => Call::Create,
            ("POST", "/shipments/list") => Call::List,
            ("GET", "/shipments/{orderExternalId}") => Call::Show,
            ("DELETE", "/shipments/{orderExternalId}") => Call::Cancel,
            ("PUT", "/shipments/{orderExternalId}") => Call::Edit,
            ("GET", "/shipments/{orderExternalId}/status-history") => Call::History,
            ("POST", "/shipments/{orderExternalId}/retry") => Call::Retry,
            _ => continue,
        };
        listed += 1;
        for kind in Kind::ALL.iter().filter(|kind| kind.calls().contains(&call)) {
            let status = kind.status().as_str().to_owned();
            assert!(operation.responses.responses.contains_key(&status), "{method} {path} has no {status}");
        }
    }
    assert_eq!(listed, Call::ALL.len());
}
