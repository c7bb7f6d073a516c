//! The table of `docs/SECURITY.md`, "What each audience sees", made from the schemas of the view types: a
//! field that is added to a view shows up here, and somebody must look at it. `DOORSTEP_UPDATE=1` writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{Ref, RefOr};

use crate::views::{ClientEvent, ClientView, CourierView, PublicView, RecipientView, SupportView};

const BEGIN: &str = "<!-- audiences:begin -->\n";
const END: &str = "<!-- audiences:end -->";

/// The fields of a view, each with where it stands: `eta.window.from`.
fn fields<T: ToSchema>() -> Vec<String> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let named: BTreeMap<String, RefOr<Schema>> = schemas.into_iter().collect();
    let mut fields = Vec::new();
    walk(&T::schema(), "", &named, &mut fields);
    fields
}

fn walk(schema: &RefOr<Schema>, at: &str, named: &BTreeMap<String, RefOr<Schema>>, fields: &mut Vec<String>) {
    match schema {
        RefOr::Ref(Ref { ref_location, .. }) => {
            let name = ref_location.rsplit('/').next().unwrap_or_default();
            let found = named.get(name).unwrap_or_else(|| panic!("{at}: no schema of {name}"));
            walk(found, at, named, fields);
        }
        RefOr::T(Schema::Object(object)) if !object.properties.is_empty() => {
            for (name, property) in &object.properties {
                let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                walk(property, &at, named, fields);
            }
        }
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(items) => walk(items, at, named, fields),
            _ => fields.push(at.to_owned()),
        },
        RefOr::T(Schema::OneOf(one_of)) => walk_all(&one_of.items, at, named, fields),
        RefOr::T(Schema::AnyOf(any_of)) => walk_all(&any_of.items, at, named, fields),
        RefOr::T(Schema::AllOf(all_of)) => walk_all(&all_of.items, at, named, fields),
        RefOr::T(_) => fields.push(at.to_owned()),
    }
}

/// Of several forms, whatever any of them has; that it may be absent is none.
fn walk_all(
    forms: &[RefOr<Schema>],
    at: &str,
    named: &BTreeMap<String, RefOr<Schema>>,
    fields: &mut Vec<String>,
) {
    let mut found = Vec::new();
    for form in forms {
        walk(form, at, named, &mut found);
    }
    found.dedup();
    let inner = found.iter().any(|field| field != at);
    found.retain(|field| !inner || field != at);
    for field in found {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
}

fn table() -> String {
    let mut client = fields::<ClientView>();
    client.extend(fields::<ClientEvent>().into_iter().map(|field| format!("events.{field}")));
    let audiences = [
        ("public", fields::<PublicView>()),
        ("recipient", fields::<RecipientView>()),
        ("courier", fields::<CourierView>()),
        ("API client", client),
        ("support", fields::<SupportView>()),
    ];
    let mut rows: Vec<&String> = Vec::new();
    for field in audiences.iter().flat_map(|(_, fields)| fields) {
        if !rows.contains(&field) {
            rows.push(field);
        }
    }
    // By name: whether schemas keep the order of their fields depends on who else asks for it.
    rows.sort();
    let mut text = String::from("| field |");
    for (name, _) in &audiences {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|---|---|---|---|---|\n");
    for row in rows {
        let _ = write!(text, "| `{row}` |");
        for (_, fields) in &audiences {
            text.push_str(if fields.contains(row) { " ● |" } else { " · |" });
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_security_page_says_what_the_types_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/SECURITY.md");
    let page = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (before, rest) = page.split_once(BEGIN).unwrap_or_else(|| panic!("there is a place for the table"));
    let (written, after) = rest.split_once(END).unwrap_or_else(|| panic!("the table ends"));
    let table = table();
    if std::env::var_os("DOORSTEP_UPDATE").is_some() {
        let page = [before, BEGIN, &table, END, after].concat();
        std::fs::write(&path, page).unwrap_or_else(|e| panic!("{e}"));
        return;
    }
    assert_eq!(written, table, "run the test again with DOORSTEP_UPDATE=1, and look at what changed");
}

#[test]
fn nobody_but_the_recipient_and_who_brings_it_sees_a_comment_and_nobody_a_code() {
    assert!(!fields::<PublicView>().iter().any(|field| field.contains("comment") || field.contains("name")));
    let all =
        [fields::<PublicView>(), fields::<RecipientView>(), fields::<CourierView>(), fields::<ClientView>()];
    for field in all.iter().flatten() {
        assert!(!field.contains("sealed") && !field.contains("salt"), "{field}");
    }
}
