//! Mappings as people write them: what is wrong is told with its line, all of it, before any row.

use super::*;

const HEADER: [&str; 5] = ["id", "state", "made", "due", "city"];

const GOOD: &str = r#"
ignore = ["city"]
[times]
zone = "Europe/Madrid"
format = "%Y-%m-%d %H:%M"
[shipment]
tracking_id = "id"
zone = "Europe/Madrid"
promise = { column = "due", means = "day" }
[[events]]
column = "made"
status = "created"
[state]
column = "state"
words = { neu = "created" }
"#;

fn header() -> Vec<String> {
    HEADER.map(str::to_owned).to_vec()
}

/// What is said of `GOOD` with `from` replaced by `to`.
fn said_of(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    match Mapping::parse("m.toml", &GOOD.replacen(from, to, 1)).and_then(|mapping| mapping.plan(&header())) {
        Ok(_) => String::new(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn a_good_mapping_makes_a_plan() {
    let mapping = Mapping::parse("m.toml", GOOD).unwrap_or_else(|e| panic!("{e}"));
    let plan = mapping.plan(&header()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((plan.tracking_id, plan.events[0].column), (0, 2));
    assert_eq!(plan.events[0].word.as_str(), "made", "the column's name is the source's word");
    assert_eq!(plan.source.as_str(), "import");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (from, to, said) in [
        (
            "zone = \"Europe/Madrid\"\nformat",
            "zone = \"Europe/Madird\"\nformat",
            "m.toml:4:8: \"Europe/Madird\" is no zone",
        ),
        (
            "tracking_id = \"id\"",
            "tracking_id = \"nr\"",
            "m.toml:7:15: the file has no column \"nr\"; it has id, state",
        ),
        ("ignore = [\"city\"]", "ignore = [\"city\", \"id\"]", "m.toml:2:19: column \"id\" is used twice"),
        ("ignore = [\"city\"]", "", "m.toml: column \"city\" of the file is neither used nor in `ignore`"),
        (
            "status = \"created\"",
            "status = \"creatd\"",
            "m.toml:12:10: \"creatd\" is no status; they are unknown, created",
        ),
        ("{ neu = \"created\" }", "{ neu = \"new\" }", "m.toml:15:17: \"new\" is no status"),
        ("%Y-%m-%d %H:%M", "day", "m.toml:5:10: \"day\" is no pattern"),
        ("means = \"day\"", "means = \"date\"", "m.toml:9:37: \"date\" must be \"day\" or \"instant\""),
        ("[state]", "[stat]", "m.toml:13:2: unknown field `stat`"),
        ("column = \"made\"", "colunm = \"made\"", "m.toml:11:1: unknown field `colunm`"),
        ("zone = \"Europe/Madrid\"\npromise", "promise", "m.toml:6:1: missing field `zone`"),
    ] {
        let errors = said_of(from, to);
        assert!(errors.contains(said), "{to:?}\n  said {errors}\n  not  {said}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let text = GOOD.replace("\"made\"", "\"mdae\"").replace("\"created\"", "\"creatd\"");
    let errors = Mapping::parse("m.toml", &text).and_then(|mapping| mapping.plan(&header()));
    let errors = errors.map_or_else(|errors| errors.to_string(), |_| String::new());
    assert_eq!(errors.lines().count(), 4, "{errors}");
}

#[test]
fn a_delimiter_is_one_character() {
    let with = |delimiter: &str| {
        let text = format!("{GOOD}\n[file]\ndelimiter = \"{delimiter}\"\n");
        Mapping::parse("m.toml", &text).and_then(|mapping| mapping.delimiter())
    };
    assert_eq!(with(";"), Ok(Some(b';')));
    assert_eq!(with("\\t"), Ok(Some(b'\t')));
    assert!(with(";;").is_err_and(|errors| errors.to_string().contains("m.toml:18:13")));
}
