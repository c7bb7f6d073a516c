//! `doorstep openapi`: prints the native API's document.

use std::io::Write as _;

use anyhow::Context as _;

/// Print the native API's OpenAPI 3.1 document.
#[derive(clap::Args)]
pub(super) struct Args {}

/// Prints it to stdout.
pub(super) fn run(Args {}: Args) -> anyhow::Result<()> {
    let document = crate::api::document().to_pretty_json().context("the document cannot be written")?;
    writeln!(std::io::stdout(), "{document}").context("stdout cannot be written")
}
