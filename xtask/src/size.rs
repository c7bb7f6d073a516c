//! What the hosted page costs on the wire, against `budgets.toml`.
//! It reads what the build left and knows nothing of how that was built.

mod budget;
mod by_crate;
mod html;
mod wasm;

use std::{collections::BTreeMap, fs};

use crate::{
    failure::{About as _, Failure, Outcome},
    progress::grouped,
    project::Project,
    site::{Kind, SiteFile, read_manifest},
};

pub(crate) use by_crate::print as print_by_crate;

const BUDGETS: &str = "budgets.toml";

/// Prints the table and fails above a budget. Needs the page in `target/site` and the debug server around
/// it.
pub(crate) fn check(project: &Project) -> Outcome {
    let path = project.path(BUDGETS);
    let budgets = budget::parse(&fs::read_to_string(&path).about("read", &path)?)?;
    let html = html::of_server(project)?;

    let mut totals = BTreeMap::new();
    println!("{:>12} {:>12}  file", "bytes", "brotli");
    for file in read_manifest(project)?.into_iter().filter(|file| file.page) {
        if is_inside(project, &file, &html.text)? {
            println!("{:>12} {:>12}  {} (inside the html)", grouped(file.bytes), "–", file.url);
            continue;
        }
        let total = totals.entry(file.kind()).or_insert(0);
        // A visitor loads one language; the heaviest is weighed.
        *total = if file.kind() == Kind::Words {
            file.wire_bytes().max(*total)
        } else {
            *total + file.wire_bytes()
        };
        println!("{:>12} {:>12}  {}", grouped(file.bytes), grouped(file.wire_bytes()), file.url);
    }
    totals.insert(Kind::Html, html.wire_bytes);
    let bytes = html.text.len() as u64;
    println!("{:>12} {:>12}  a tracking page, as sent", grouped(bytes), grouped(html.wire_bytes));

    println!();
    let lines = budget::compare(&budgets, &totals);
    for line in &lines {
        println!("{line}");
    }
    let over: Vec<_> = lines.iter().filter(|line| line.is_over()).map(|line| line.name.clone()).collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("over budget: {}", over.join(", "))).mend(
        "`cargo xtask size --by-crate` shows what costs most; raise a limit in budgets.toml only with a reason",
    ))
}

/// The server writes the style into the page; then it is not fetched, and must not count twice.
fn is_inside(project: &Project, file: &SiteFile, page: &[u8]) -> Outcome<bool> {
    if file.kind() != Kind::Css {
        return Ok(false);
    }
    let path = project.site().join(file.url.trim_start_matches('/'));
    let style = fs::read(&path).about("read", &path)?;
    let style = style.trim_ascii();
    Ok(style.is_empty() || page.windows(style.len()).any(|window| window == style))
}
