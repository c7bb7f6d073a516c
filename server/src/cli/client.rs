//! `doorstep client create`: makes an API client and shows its key, once.

use std::io::Write as _;

use anyhow::Context as _;
use clap::Subcommand;
use doorstep_model::text::Source;

use super::{Usage, beside};
use crate::config::DatabaseUrl;
use crate::identity::{ApiKey, Role, TenantName};
use crate::store::Store as _;

/// Manage API clients.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Create(Create),
}

/// Make an API client, and its tenant where it is new, and print the client's key.
///
/// The key is shown this once and kept only as a hash: whoever loses it makes another client. It is the
/// only line on stdout, so that a script can take it. The server may run meanwhile.
#[derive(clap::Args)]
struct Create {
    /// Whose shipments it works with: 1 to 64 of a-z, 0-9 and '-', starting with a letter.
    #[arg(long, env = "DOORSTEP_TENANT", value_name = "TENANT")]
    tenant: TenantName,
    /// What people call it; the source of the events it reports. At most 80 characters.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it may do: manager creates, reports and reads; reader reads; carrier reports events and reads
    /// what it needs to bring a shipment.
    #[arg(long, value_enum, default_value_t = Role::Manager)]
    role: Role,
    /// Where shipments are kept.
    #[arg(long, env = "DOORSTEP_DATABASE", value_name = "sqlite:PATH", default_value = "sqlite:doorstep.db")]
    database: DatabaseUrl,
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let Command::Create(create) = args.command;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(make(create))
}

async fn make(create: Create) -> anyhow::Result<()> {
    let name = Source::parse(&create.name).map_err(|error| Usage(format!("--name {error}")))?;
    let store = beside::open(&create.database).await?;
    let key = ApiKey::random()?;
    let client = store
        .create_client(&create.tenant, name.as_str(), create.role, key.hash())
        .await
        .context("the client cannot be made")?;
    store.close().await;
    eprintln!(
        "Made the client {:?} of tenant {} with the role {}.\nIts key follows, and is not shown again. \
         Send it as: Authorization: Bearer KEY",
        client.name,
        create.tenant.as_str(),
        client.role.as_str(),
    );
    writeln!(std::io::stdout(), "{}", key.reveal()).context("stdout cannot be written")
}
