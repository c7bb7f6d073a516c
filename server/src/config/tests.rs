//! Which source of a setting wins, and that mistakes are named.

use clap::Parser as _;

use super::*;

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    flags: Flags,
}

fn resolve(file: &str, flags: &[&str]) -> anyhow::Result<Config> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("doorstep.toml");
    std::fs::write(&path, file)?;
    let config = path.display().to_string();
    let line = ["doorstep", "--config", &config].into_iter().chain(flags.iter().copied());
    Config::resolve(Line::try_parse_from(line)?.flags)
}

fn refusal(file: &str, flags: &[&str]) -> String {
    match resolve(file, flags) {
        Ok(_) => panic!("{file:?} with {flags:?} was taken"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let file = "listen = \"127.0.0.1:1\"\nmax-streams = 7\n";
    let config = resolve(file, &["--listen", "127.0.0.1:2"]).unwrap_or_else(|e| panic!("{e:#}"));
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.max_streams, 7);
    assert_eq!(config.shutdown_grace, 10);
}

#[test]
fn what_is_printed_reads_back_as_the_same() {
    let file = "rate-limit = false\nmetrics-listen = \"off\"\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\n";
    let config = resolve(file, &["--client-events", "5/6"]).unwrap_or_else(|e| panic!("{e:#}"));
    assert_eq!(config.trusted_proxies.to_string(), "10.0.0.0/8,::1/128");
    assert_eq!(config.allowances().client_events, None, "off switches every rate off");
    assert_eq!(resolve(&config.to_toml(), &[]).unwrap_or_else(|e| panic!("{e:#}")), config);
}

#[test]
fn the_defaults_are_documented_where_they_are_printed() {
    // Not by the command line, which would read the environment that the tests run in.
    let config = Config::resolve(Flags::default()).unwrap_or_else(|e| panic!("{e:#}"));
    insta::assert_snapshot!(config.to_toml());
}

#[test]
fn mistakes_are_named_with_their_place() {
    let unknown = refusal("listne = \"127.0.0.1:1\"\n", &[]);
    assert!(unknown.starts_with("listne in ") && unknown.contains("is no setting"), "{unknown}");
    let bad = refusal("client-events = \"many\"\n", &[]);
    assert!(bad.starts_with("client-events in ") && bad.contains("PER_SECOND/BURST"), "{bad}");
    assert!(refusal("listen = [", &[]).contains("is no TOML"));
    assert!(refusal("", &["--database", "postgres://db/x"]).contains("PostgreSQL is not supported yet"));
    assert!(refusal("", &["--database", "doorstep.db"]).contains("sqlite:PATH"));
    assert!(refusal("", &["--database", "sqlite::memory:"]).contains("would lose"));
    assert!(refusal("", &["--bus", "nats://x"]).contains("NATS is not supported yet"));
    assert!(refusal("", &["--rate-limit", "maybe"]).contains("on"));
}
