//! What is told about a body, and that none of its values is.

use super::*;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code, reason = "only whether it reads matters")]
struct Outer {
    id: u8,
    inner: Inner,
    list: Option<Vec<bool>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only whether it reads matters")]
struct Inner {
    day: Option<chrono::NaiveDate>,
    word: Option<String>,
}

fn faults(body: &str) -> Vec<(String, String)> {
    let mut faults = Faults::default();
    faults.of_object::<Outer>(serde_json::from_str(body).unwrap_or_default(), "/at");
    let all = faults.malformed.into_iter().chain(faults.refused.0);
    all.map(|error| (error.pointer, error.message)).collect()
}

#[test]
fn all_that_is_wrong_is_told_each_with_its_place() {
    let body = r#"{"id":"x","inner":{"day":"y","word":7,"a/b~c":1},"list":[true,"z",0],"more":1}"#;
    let told = faults(body);
    let told: Vec<(&str, &str)> =
        told.iter().map(|(pointer, message)| (pointer.as_str(), message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("/at/id", "must be u8"),
            ("/at/inner/a~1b~0c", "is no field of this object"),
            ("/at/inner/word", "must be a string"),
            ("/at/list/1", "must be a boolean"),
            ("/at/more", "is no field of this object"),
            ("/at/inner/day", "input contains invalid characters"),
        ]
    );
    assert_eq!(faults(r#"{"inner":{}}"#), [("/at/id".to_owned(), "is missing".to_owned())]);
    assert_eq!(faults("[]"), [("/at".to_owned(), "must be an object".to_owned())]);
}

#[test]
fn a_part_that_lacks_something_hides_nothing_that_is_wrong_elsewhere() {
    #[derive(serde::Deserialize)]
    #[allow(dead_code, reason = "only whether it reads matters")]
    struct Parts {
        first: Option<Part>,
        second: Option<Part>,
        third: u8,
    }

    #[derive(serde::Deserialize)]
    #[allow(dead_code, reason = "only whether it reads matters")]
    struct Part {
        needed: u8,
    }

    let mut faults = Faults::default();
    let body = serde_json::json!({"first": {"needed": "x"}, "second": {}, "third": []});
    faults.of_object::<Parts>(body, "");
    let told: Vec<&str> = faults.malformed.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(told, ["/first/needed", "/second/needed", "/third"]);
}

#[test]
fn a_hostile_body_ends_the_search() {
    let many: String = (0..10_000).map(|i| format!("\"f{i}\":1,")).collect();
    assert_eq!(faults(&format!("{{{many}\"id\":1}}")).len(), MOST_AN_OBJECT);
}

#[test]
fn no_value_is_told_back_however_it_is_spelled() {
    for value in [
        "\"`secret`, expected secret\"",
        "\"secret at line 1\"",
        "[\"secret\"]",
        "{\"x\":\"secret\"}",
        "1.5e3",
    ] {
        let told = faults(&format!(r#"{{"id":{value},"inner":{value},"list":{value}}}"#));
        assert!(!told.is_empty() && !format!("{told:?}").contains("secret"), "{value}: {told:?}");
    }
}
