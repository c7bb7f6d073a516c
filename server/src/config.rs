//! The settings of `doorstep serve`: one table, from which the flags, the environment variables, the keys
//! of the TOML file, their documentation and the printed configuration all follow. A flag wins over the
//! environment, the environment over the file, the file over the default. Knows nothing of what the
//! settings do.

mod database;
mod file;
mod option;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::limits::{Allowances, Networks, Rate};
use crate::mail::SmtpUrl;
use crate::public_url::PublicUrl;

pub use database::{BusUrl, DatabaseUrl};
pub use option::{LogFormat, OrOff, Switch};

macro_rules! settings {
    ($( #[doc = $summary:literal] $(#[doc = $more:literal])* $name:ident: $type:ty = $default:literal, $env:literal; )+) => {
        /// What `serve` runs with.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Config {
            $( #[doc = $summary] $(#[doc = $more])* pub $name: $type, )+
        }

        /// The settings as flags and environment variables; each only where it is given.
        #[derive(Clone, Debug, Default, clap::Args)]
        pub struct Flags {
            /// A TOML file with settings; its keys are the flags' names.
            #[arg(long, env = "DOORSTEP_CONFIG", hide_env_values = true, value_name = "FILE")]
            pub config: Option<PathBuf>,
            $(
                #[arg(long, env = $env, hide_env_values = true, value_name = "VALUE",
                      help = help(&[$summary $(, $more)*], $default))]
                $name: Option<$type>,
            )+
        }

        impl Config {
            /// Puts the settings together.
            ///
            /// # Errors
            /// When the file cannot be read, or holds an unknown key or a value that is none; tells which.
            pub fn resolve(flags: Flags) -> anyhow::Result<Self> {
                let mut file = match &flags.config {
                    Some(path) => file::read(path)?,
                    None => file::File::default(),
                };
                let config = Self {
                    $( $name: match (flags.$name, file.take(&key(stringify!($name)))?) {
                        (Some(given), _) => given,
                        (None, Some(kept)) => kept,
                        (None, None) => default_of(stringify!($name), $default)?,
                    }, )+
                };
                file.finish(&[$( key(stringify!($name)) ),+])?;
                Ok(config)
            }

            /// The settings as a TOML file, each with its documentation.
            pub fn to_toml(&self) -> String {
                let mut text = String::new();
                $( file::write(&mut text, &key(stringify!($name)), &[$summary $(, $more)*], &self.$name); )+
                text
            }
        }
    };
}

settings! {
    /// Address and port to answer on.
    listen: SocketAddr = "127.0.0.1:8080", "DOORSTEP_LISTEN";
    /// Address and port for /metrics, /healthz and /readyz alone, or "off".
    /// Keep it inside: it needs no key.
    metrics_listen: OrOff<SocketAddr> = "127.0.0.1:9090", "DOORSTEP_METRICS_LISTEN";
    /// Where shipments are kept, as sqlite:PATH.
    /// The file is made and migrated where needed.
    database: DatabaseUrl = "sqlite:doorstep.db", "DOORSTEP_DATABASE";
    /// Where people reach this server, such as "https://track.example.org"; empty for the address it listens on.
    /// With https, session cookies are sent over TLS alone.
    public_url: PublicUrl = "", "DOORSTEP_PUBLIC_URL";
    /// The file with the key that seals delivery codes; made where there is none.
    /// Empty for the database's path with ".key" behind. All nodes need the same.
    secret_file: String = "", "DOORSTEP_SECRET_FILE";
    /// The mail server for one-time codes, such as "smtps://user:password@mail.example.org"; "off" for none.
    smtp: OrOff<SmtpUrl> = "off", "DOORSTEP_SMTP";
    /// Who one-time codes come from, such as "Deliveries <no-reply@example.org>".
    mail_from: String = "Doorstep <no-reply@localhost>", "DOORSTEP_MAIL_FROM";
    /// What tells other nodes of changes; "local" for a single node.
    bus: BusUrl = "local", "DOORSTEP_BUS";
    /// Networks of the proxies whose Forwarded or X-Forwarded-For header is believed.
    /// Several with commas between, such as "10.0.0.0/8,fd00::/8"; empty for none.
    trusted_proxies: Networks = "", "DOORSTEP_TRUSTED_PROXIES";
    /// Networks that webhooks and other calls may go to although they are private, there also by plain http.
    /// Such as "10.20.0.0/16"; empty for none: whoever may set a webhook's URL reaches what stands here.
    outbound_allow: Networks = "", "DOORSTEP_OUTBOUND_ALLOW";
    /// Whether requests are limited at all: "on" or "off".
    /// Off lets all rates and limits per address pass, for measurements.
    rate_limit: Switch = "on", "DOORSTEP_RATE_LIMIT";
    /// Requests of one API client, as PER_SECOND/BURST, or "off".
    client_requests: OrOff<Rate> = "500/2000", "DOORSTEP_CLIENT_REQUESTS";
    /// Events told by one API client, or by the sources of one tenant, as PER_SECOND/BURST, or "off".
    client_events: OrOff<Rate> = "2000/20000", "DOORSTEP_CLIENT_EVENTS";
    /// Public calls and refused keys from one address (IPv4, or IPv6 /64), as PER_SECOND/BURST, or "off".
    address_requests: OrOff<Rate> = "50/500", "DOORSTEP_ADDRESS_REQUESTS";
    /// Public calls about one tracking id, as PER_SECOND/BURST, or "off".
    shipment_requests: OrOff<Rate> = "500/5000", "DOORSTEP_SHIPMENT_REQUESTS";
    /// Connections at once.
    max_connections: usize = "65536", "DOORSTEP_MAX_CONNECTIONS";
    /// Live streams at once.
    max_streams: usize = "50000", "DOORSTEP_MAX_STREAMS";
    /// Live streams at once from one address (IPv4, or IPv6 /64), or "off".
    max_streams_per_address: OrOff<usize> = "256", "DOORSTEP_MAX_STREAMS_PER_ADDRESS";
    /// Bytes of a request's body.
    max_body_bytes: usize = "1048576", "DOORSTEP_MAX_BODY_BYTES";
    /// Seconds that requests and streams have to finish when the server stops.
    shutdown_grace: u64 = "10", "DOORSTEP_SHUTDOWN_GRACE";
    /// What is logged to stderr: error, warn, info, debug or trace, also by part of the program.
    /// Such as "info,doorstep_server::store=debug".
    log: String = "info", "DOORSTEP_LOG";
    /// How it is logged: "text" for people or "json" for programs.
    log_format: LogFormat = "text", "DOORSTEP_LOG_FORMAT";
}

impl Config {
    /// Where the server's secret lies.
    pub fn secret_path(&self) -> PathBuf {
        if !self.secret_file.is_empty() {
            return PathBuf::from(&self.secret_file);
        }
        let DatabaseUrl::Sqlite(database) = &self.database;
        let mut path = database.clone().into_os_string();
        path.push(".key");
        path.into()
    }

    /// How much anybody may ask, by these settings.
    pub fn allowances(&self) -> Allowances {
        let limited = self.rate_limit == Switch::On;
        let rate = |rate: &OrOff<Rate>| rate.0.filter(|_| limited);
        Allowances {
            client_requests: rate(&self.client_requests),
            client_events: rate(&self.client_events),
            address_requests: rate(&self.address_requests),
            shipment_requests: rate(&self.shipment_requests),
            subscriptions: limited.then_some(Rate::SUBSCRIPTIONS),
            streams: self.max_streams,
            streams_per_address: self.max_streams_per_address.0.filter(|_| limited),
            body_bytes: self.max_body_bytes,
            trusted_proxies: self.trusted_proxies.clone(),
        }
    }
}

/// A flag's help: its documentation and its default.
fn help(doc: &[&str], default: &str) -> String {
    let doc = doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    if default.is_empty() { doc } else { format!("{doc} [default: {default}]") }
}

/// The TOML key of a field: its flag without the dashes in front.
fn key(field: &str) -> String {
    field.replace('_', "-")
}

fn default_of<T: std::str::FromStr>(name: &str, text: &str) -> anyhow::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().with_context(|| format!("the default of {name}"))
}

#[cfg(test)]
mod tests;
