//! How the file is opened: durable, shared with other processes, with its tables up to date. Knows
//! nothing of what is kept in them.

use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};

use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

/// Reads that run at the same time; each holds a connection with a thread of its own.
const READERS: u32 = 4;

/// Pages of the log after which the commit that wrote them copies them into the file. A page changed
/// many times is copied once, so a longer log costs less; at 4 KiB a page this one grows to about 32 MiB.
const CHECKPOINT_PAGES: &str = "8000";

/// Page cache of a connection in KiB, negative as SQLite wants it.
const CACHE_KIB: &str = "-16384";

/// What every connection to the file at `path` has in common.
pub(super) fn options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", CACHE_KIB)
        // A statement of many rows keeps every page it changes until it is done, lest it fail half-way;
        // in a temporary file that was a fifth of all writing.
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// The connection that writes, the tables up to date.
pub(super) async fn writer(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    match up_to_date(options.clone()).await {
        Ok(connection) => Ok(connection),
        // Another process may be making the same file: switching to the log cannot wait for it, and of
        // two that apply one migration the later fails. The second look finds the work done.
        Err(first) => {
            tracing::debug!(error = ?first, "opening the database again");
            tokio::time::sleep(Duration::from_millis(200)).await;
            up_to_date(options.clone()).await
        }
    }
}

/// The connections that read.
pub(super) async fn readers(options: &SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let options = options.clone().pragma("query_only", "ON");
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        // A connection to a file does not go stale; asking it first would double the cost of a read.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(BUSY);
    Ok(pool.connect_with(options).await?)
}

async fn up_to_date(options: SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let mut connection = SqliteConnection::connect_with(&options).await?;
    // `run` takes an `Acquire`, whose lifetime keeps the future from being `Send`.
    let migrated = MIGRATIONS.run_direct(None, &mut connection, false).await;
    migrated.map_err(|error| StoreError::Engine(error.into()))?;
    Ok(connection)
}
