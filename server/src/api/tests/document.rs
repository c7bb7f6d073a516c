//! The OpenAPI document: that it is the one in the tree, and that it is served.

use super::house::House;

const GOLDEN: &str = include_str!("../../../tests/golden/openapi.json");

#[test]
fn the_document_is_the_one_in_the_tree() {
    let document = crate::api::document().to_pretty_json().unwrap_or_default();
    let same = document.trim() == GOLDEN.trim();
    // The whole document in an assertion helps nobody; the difference is one command away.
    assert!(
        same,
        "the API's document has changed; see what changed with\n  \
         cargo run -p doorstep-server -- openapi > server/tests/golden/openapi.json && git diff server/tests/golden"
    );
}

#[tokio::test]
async fn the_document_is_served() {
    let house = House::new().await;
    let answer = house.call("GET /api/v1/openapi.json", "", &[], "").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let golden: serde_json::Value = serde_json::from_str(GOLDEN).unwrap_or_default();
    assert_eq!(answer.json(), golden);
}

#[test]
fn every_call_names_itself_and_the_problems_it_answers_with() {
    for (path, item) in &crate::api::document().paths.paths {
        for operation in [&item.get, &item.post, &item.put, &item.delete].into_iter().flatten() {
            assert!(operation.operation_id.is_some() && operation.summary.is_some(), "{path}");
            for status in ["406", "408", "429", "500", "503"] {
                assert!(operation.responses.responses.contains_key(status), "{path} has no {status}");
            }
            // What opens a session takes none, and refuses a secret that opens nothing.
            let opens = operation.operation_id.as_deref() == Some("openSession");
            let keyed = operation.security.is_some() || opens;
            assert_eq!(operation.responses.responses.contains_key("401"), keyed, "{path}");
        }
    }
}
