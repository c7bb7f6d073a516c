//! Start and stop: puts store, hub, router and listeners together, and takes them apart so that streams
//! end with a hint, requests finish and nothing acknowledged is lost. The only place that knows all rooms.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::assets::Site;
use crate::bus::LocalBus;
use crate::clock::Clock;
use crate::config::Config;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::state::AppState;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::{api, limits, metrics, net, pages};

/// What a started server tells whoever started it.
pub struct Ready {
    /// Where people and programs are answered.
    pub address: SocketAddr,
    /// Where metrics are, when they are served.
    pub metrics: Option<SocketAddr>,
    /// What the handlers use; for what runs inside the same process.
    pub state: AppState,
}

/// Runs the server until it is told to stop by a signal or by `stopping`; calls `on_ready` once it
/// answers.
///
/// # Errors
/// When the database or an address cannot be opened. What goes wrong later is logged and answered.
pub async fn run(
    config: Config,
    stopping: CancellationToken,
    on_ready: impl FnOnce(Ready),
) -> anyhow::Result<()> {
    let state = state(&config, stopping.clone()).await?;
    let listener = listen(config.listen).await?;
    let address = listener.local_addr()?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let metrics_address = metrics.as_ref().map(TcpListener::local_addr).transpose()?;

    let operations = metrics.map(|listener| {
        let router = metrics::router(state.clone());
        let limits = config.connection_limits();
        tokio::spawn(net::serve(listener, router, limits, stopping.clone(), config.shutdown_grace()))
    });
    tokio::spawn(stop_on_signal(stopping.clone()));
    let serving = tokio::spawn(net::serve(
        listener,
        router(state.clone()),
        config.connection_limits(),
        stopping.clone(),
        config.shutdown_grace(),
    ));
    on_ready(Ready { address, metrics: metrics_address, state: state.clone() });

    serving.await.context("the listener stopped")?;
    if let Some(operations) = operations {
        operations.await.context("the metrics listener stopped")?;
    }
    state.store.close().await;
    Ok(())
}

/// Opens what the handlers use.
///
/// # Errors
/// When the database cannot be opened or migrated.
pub async fn state(config: &Config, stopping: CancellationToken) -> anyhow::Result<AppState> {
    let hub = Hub::new(LocalBus::new());
    let path = config.database.sqlite_path();
    let store: Arc<dyn Store> = Arc::new(
        SqliteStore::open(path, hub.clone())
            .await
            .map_err(|error| anyhow::Error::new(error).context(format!("cannot open the database {path}")))?,
    );
    hub.attach(Arc::clone(&store));
    Ok(AppState { store, hub, clock: Clock::system(), limits: Arc::new(Limits::new(config)), stopping })
}

/// Everything that is answered on the main address.
pub fn router(state: AppState) -> Router {
    let router = api::router(state.clone())
        .merge(metrics::health(state.clone()))
        .merge(pages::router().with_state(state.clone()))
        .merge(Site::current().router());
    limits::layer(router, &state)
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another server running there? Choose another with --listen")
    })
}

/// The first Ctrl-C or SIGTERM stops politely; who sends a second one gets what they ask for.
async fn stop_on_signal(stopping: CancellationToken) {
    let mut asked = 0;
    loop {
        if let Err(error) = signal().await {
            tracing::error!(%error, "signals cannot be heard; stop the server by SIGKILL, nothing acknowledged is lost");
            return;
        }
        asked += 1;
        if asked > 1 {
            std::process::exit(130);
        }
        tracing::info!("stopping: streams end, requests finish");
        stopping.cancel();
    }
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
