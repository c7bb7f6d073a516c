//! The OpenAPI document: served, whole, and what the book says of words is what the code does.

use serde_json::Value;

use super::shop::{ROOT, Shop};
use crate::dialects::instaleap::document;

#[tokio::test]
async fn the_document_is_served() {
    let shop = Shop::open().await;
    let answer = shop.house.call(&format!("GET {ROOT}/openapi.json"), "", &[], "").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let made: Value = serde_json::from_str(&document().to_json().unwrap_or_default()).unwrap_or_default();
    assert_eq!(answer.json(), made);
    assert!(made.pointer("/paths/~1api~1instaleap~1jobs/post").is_some());
}

#[test]
fn every_call_names_itself_and_its_errors() {
    for (path, item) in &document().paths.paths {
        for operation in [&item.get, &item.post, &item.put, &item.delete].into_iter().flatten() {
            assert!(operation.operation_id.is_some() && operation.summary.is_some(), "{path}");
            for status in ["401", "406", "408", "429", "500", "503"] {
                assert!(operation.responses.responses.contains_key(status), "{path} has no {status}");
            }
            assert!(operation.security.is_some(), "{path}");
        }
    }
}
