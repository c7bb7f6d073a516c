//! `doorstep import`: orders from a file into a tenant, by a mapping.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use super::{Usage, beside};
use crate::clock::Clock;
use crate::config::DatabaseUrl;
use crate::identity::TenantName;
use crate::import::mapping::Mapping;
use crate::import::progress::Progress;
use crate::import::report::Report;
use crate::import::rows::{CsvRows, Rows as _};
use crate::import::{dry_run, import};
use crate::store::Store as _;

/// Import orders from a CSV file by a mapping that says what each column is.
///
/// A row is taken whole or not at all; the report names every row that was not taken, and why. Importing
/// a file again changes nothing; importing it with changed rows adds what changed. The server may run
/// meanwhile. Exit code 3 says that some rows were not taken. See docs/IMPORT.md.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Whose shipments they become; made by `doorstep client create`.
    #[arg(long, env = "DOORSTEP_TENANT", value_name = "TENANT")]
    tenant: TenantName,
    /// The TOML file that says what each column is.
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Where shipments are kept.
    #[arg(long, env = "DOORSTEP_DATABASE", value_name = "sqlite:PATH", default_value = "sqlite:doorstep.db")]
    database: DatabaseUrl,
    /// Write the whole report to this file, as its ending says: .json or .csv.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Read and check every row, write nothing and open no database.
    #[arg(long)]
    dry_run: bool,
    /// The file with the orders.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// The exit code when some rows were not taken.
const NOT_ALL_TAKEN: u8 = 3;

/// Runs the command; the exit code says whether all rows were taken.
pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.report {
        Report::check_path(path).map_err(|error| Usage(format!("--report: {error:#}")))?;
    }
    let mapping = Mapping::read(&args.mapping)?;
    let rows = CsvRows::open(&args.file, mapping.delimiter()?, &mapping.columns())
        .with_context(|| format!("cannot read {}", args.file.display()))?;
    let plan = mapping.plan(rows.header())?;
    let mut progress = Progress::of_size(rows.size());
    let clock = Clock::system();
    let report = if args.dry_run {
        dry_run(&plan, rows, clock.now(), &mut progress)?
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let store = beside::open(&args.database).await?;
            let tenant = store.tenant_by_name(&args.tenant).await?.with_context(|| {
                let name = args.tenant.as_str();
                format!("there is no tenant {name}; make it by: doorstep client create --tenant {name} --name NAME")
            })?;
            let report = import(&store, tenant, &plan, rows, &clock, &mut progress).await;
            store.close().await;
            report
        })?
    };
    if let Some(path) = &args.report {
        report.write(path)?;
    }
    write!(std::io::stdout(), "{report}").context("stdout cannot be written")?;
    Ok(if report.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL_TAKEN) })
}
