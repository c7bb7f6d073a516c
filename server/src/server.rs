//! Start and stop: puts store, hub, router and listeners together, and takes them apart so that streams
//! end with a hint, requests finish and nothing acknowledged is lost. The only place that knows all rooms.

use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::assets::Site;
use crate::bus::LocalBus;
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::hub::Hub;
use crate::limits::{self, Limits, Networks};
use crate::mail::{Mail, NoMail, Smtp};
use crate::metrics::HttpMetrics;
use crate::net::ConnectionLimits;
use crate::outbound::Outbound;
use crate::public_url::PublicUrl;
use crate::state::AppState;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::vault::Vault;
use crate::webhooks::{Deliverer, Shape, Shapes, Standard};
use crate::{api, calendar, dialects, metrics, net, pages, push};

/// How often the limits forget callers that have long gone.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// What a started server tells whoever started it.
pub struct Ready {
    /// Where people and programs are answered.
    pub address: SocketAddr,
    /// Where metrics are, when they are served.
    pub metrics: Option<SocketAddr>,
    /// What the handlers use; for what runs inside the same process.
    pub state: AppState,
}

/// What a command adds to a server.
pub struct Extras<M> {
    /// What sends one-time codes.
    pub mail: Arc<dyn Mail>,
    /// Networks of push services that are called although they are private; none but in tests.
    pub push_allow: Networks,
    /// What is answered besides; an empty router for most.
    pub more: M,
}

/// Runs the server until it is told to stop, by a signal or by `stopping` of the state that `on_ready` is
/// given once the server answers.
///
/// # Errors
/// When the database or an address cannot be opened. What goes wrong later is logged and answered.
pub async fn run<M: FnOnce(&AppState) -> Router>(
    config: Config,
    extras: Extras<M>,
    on_ready: impl FnOnce(Ready),
) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    // Each viewer is a socket: take as many as the system lets us have.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let counted = metrics::install().context("metrics cannot be counted")?;
    let mut state = state(&config, extras.mail, extras.push_allow, stopping.clone()).await?;
    let listener = listen(config.listen).await?;
    let address = listener.local_addr()?;
    state.public_url = state.public_url.or_listening_on(address);
    state.shapes = shapes(&state.store, &state.public_url);
    let metrics = match config.metrics_listen.0 {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let metrics_address = metrics.as_ref().map(TcpListener::local_addr).transpose()?;

    let grace = Duration::from_secs(config.shutdown_grace);
    let operations = metrics.map(|listener| {
        let router = limits::shield(metrics::router(state.clone(), counted), HttpMetrics::default());
        tokio::spawn(net::serve(listener, router, connections(&config), stopping.clone(), grace))
    });
    tokio::spawn(stop_on_signal(stopping.clone()));
    tokio::spawn(push::run(state.clone()));
    tokio::spawn(tidy(Arc::downgrade(&state.limits)));
    let telling = tokio::spawn(Deliverer::new(&state).run(stopping.clone()));
    let serving = tokio::spawn(net::serve(
        listener,
        router(state.clone(), (extras.more)(&state)),
        connections(&config),
        stopping.clone(),
        grace,
    ));
    let working = tokio::spawn(dialects::work(state.clone()));
    tracing::info!("answering at http://{address}");
    if let Some(address) = metrics_address {
        tracing::info!("counting at http://{address}/metrics");
    }
    on_ready(Ready { address, metrics: metrics_address, state: state.clone() });

    serving.await.context("the listener stopped")?;
    if let Some(operations) = operations {
        operations.await.context("the metrics listener stopped")?;
    }
    // What it could not finish is told when the server runs again.
    if let Err(error) = telling.await {
        tracing::error!(%error, "the deliverer of webhooks stopped");
    }
    if let Err(error) = working.await {
        tracing::error!(%error, "the worker of the dialects stopped");
    }
    state.store.close().await;
    Ok(())
}

/// Opens what the handlers use; `push_allow` as in [`Extras`].
///
/// # Errors
/// When the database cannot be opened or migrated, or there is no secret and none can be made.
pub async fn state(
    config: &Config,
    mail: Arc<dyn Mail>,
    push_allow: Networks,
    stopping: CancellationToken,
) -> anyhow::Result<AppState> {
    let vault = Arc::new(Vault::open(&config.secret_path())?);
    let hub = Hub::new(LocalBus::new());
    let DatabaseUrl::Sqlite(path) = &config.database;
    let opened =
        SqliteStore::open(path.to_str().context("the database's path is no UTF-8")?, hub.clone()).await;
    let store: Arc<dyn Store> =
        Arc::new(opened.with_context(|| format!("cannot open the database {}", path.display()))?);
    hub.attach(Arc::clone(&store));
    let shapes = shapes(&store, &config.public_url);
    Ok(AppState {
        store,
        hub,
        clock: Clock::system(),
        limits: Arc::new(Limits::new(config.allowances())),
        vault,
        mail,
        outbound: Arc::new(Outbound::new(config.outbound_allow.clone())?),
        push: Arc::new(Outbound::new(push_allow)?),
        shapes,
        public_url: config.public_url.clone(),
        stopping,
    })
}

/// The shapes in which news leaves; each dialect adds its own here.
pub(crate) fn shapes(store: &Arc<dyn Store>, base: &PublicUrl) -> Shapes {
    let ours: [Arc<dyn Shape>; 1] = [Arc::new(Standard)];
    Shapes::of(ours.into_iter().chain(dialects::shapes(store, base)))
}

/// What sends one-time codes, by these settings.
///
/// # Errors
/// When the mail server's address or the sender is not valid.
pub fn mail(config: &Config) -> anyhow::Result<Arc<dyn Mail>> {
    match &config.smtp.0 {
        Some(url) => Ok(Arc::new(Smtp::new(url, &config.mail_from)?)),
        None => Ok(Arc::new(NoMail)),
    }
}

/// Everything that is answered on the main address, and `more`.
pub fn router(state: AppState, more: Router) -> Router {
    let router = api::router(state.clone())
        .merge(dialects::router(state.clone()))
        .merge(more)
        .merge(metrics::health(state.clone()))
        .merge(calendar::router().with_state(state.clone()))
        .merge(pages::router().with_state(state.clone()))
        .merge(Site::current().router())
        .fallback(pages::missing);
    limits::shield(router, HttpMetrics::default())
}

fn connections(config: &Config) -> ConnectionLimits {
    ConnectionLimits {
        connections: config.max_connections,
        head_within: limits::HEAD_WITHIN,
        header_fields: limits::HEADER_FIELDS,
        head_bytes: limits::HEAD_BYTES,
    }
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another server running there? Choose another with --listen")
    })
}

/// Gives back, now and then, what the limits remember of callers that have long gone.
async fn tidy(limits: Weak<Limits>) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    loop {
        ticks.tick().await;
        match limits.upgrade() {
            Some(limits) => limits.tidy(),
            None => return,
        }
    }
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
