//! What the hosted page and an embed cost on the wire, against `budgets.toml`.
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
    site::{Artefact, Kind, SiteFile, read_manifest},
};

use budget::Measured;
use html::Html;

const BUDGETS: &str = "budgets.toml";

/// The tag's script.
const LOADER: &str = "/embed/v1.js";

/// What each crate costs in each of the modules, and then what [`check`] says.
pub(crate) fn explain(project: &Project) -> Outcome {
    for artefact in Artefact::ALL {
        by_crate::print(project, artefact)?;
        println!();
    }
    check(project)
}

/// Prints the tables and fails above a budget. Needs the files in `target/site` and the debug server around
/// them.
pub(crate) fn check(project: &Project) -> Outcome {
    let path = project.path(BUDGETS);
    let budgets = budget::parse(&fs::read_to_string(&path).about("read", &path)?)?;
    let [hosted, framed, personal] = html::of_server(project)?;
    let files = read_manifest(project)?;

    println!("{:>12} {:>12}  the hosted page", "bytes", "brotli");
    let page = weigh(project, files.iter().filter(|file| file.page), &hosted)?;
    println!("\n{:>12} {:>12}  an embed", "bytes", "brotli");
    let mut embed = weigh(project, files.iter().filter(|file| file.embed), &framed)?;
    let mut loader = 0;
    for file in files.iter().filter(|file| file.url == LOADER) {
        loader = weigh_file(file, "", &mut embed);
    }
    println!("\n{:>12} {:>12}  an embed that is to become the recipient's", "bytes", "brotli");
    let mut own = weigh(project, files.iter().filter(|file| file.embed_recipient), &personal)?;
    for file in files.iter().filter(|file| file.url == LOADER) {
        weigh_file(file, "", &mut own);
    }

    println!();
    let (embed, embed_recipient) = (embed.values().sum(), own.values().sum());
    let measured = Measured { page, embed, embed_recipient, loader };
    let lines = budget::compare(&budgets, &measured);
    for line in &lines {
        println!("{line}");
    }
    let over: Vec<_> = lines.iter().filter(|line| line.is_over()).map(|line| line.name.clone()).collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("over budget: {}", over.join(", "))).mend(
        "`cargo xtask size` shows which crates cost most; raise a limit in budgets.toml only with a reason",
    ))
}

/// Prints each file and the HTML around them, and sums them up.
fn weigh<'a>(
    project: &Project,
    files: impl Iterator<Item = &'a SiteFile>,
    html: &Html,
) -> Outcome<BTreeMap<Kind, u64>> {
    let mut totals = BTreeMap::new();
    for file in files {
        if is_inside(project, file, &html.text)? {
            println!("{:>12} {:>12}  {} (inside the html)", grouped(file.bytes), "–", file.url);
        } else {
            weigh_file(file, if file.kind() == Kind::Words { " (one of these)" } else { "" }, &mut totals);
        }
    }
    totals.insert(Kind::Html, html.wire_bytes);
    println!("{:>12} {:>12}  the html, as sent", grouped(html.text.len() as u64), grouped(html.wire_bytes));
    Ok(totals)
}

fn weigh_file(file: &SiteFile, remark: &str, totals: &mut BTreeMap<Kind, u64>) -> u64 {
    let bytes = file.wire_bytes();
    println!("{:>12} {:>12}  {}{remark}", grouped(file.bytes), grouped(bytes), file.url);
    let total = totals.entry(file.kind()).or_insert(0);
    // A visitor loads one language; the heaviest is weighed.
    *total = if file.kind() == Kind::Words { bytes.max(*total) } else { *total + bytes };
    bytes
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
