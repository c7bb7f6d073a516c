//! Where the mail server is, as whoever runs the server writes it. Holds a password perhaps, and prints
//! without it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Where the mail server is: `smtp://` (TLS by STARTTLS, required unless the host is this machine) or
/// `smtps://`, with user and password where needed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must begin with smtp:// or smtps:// and name a host, and perhaps a port, with nothing behind")]
pub struct SmtpUrlError;

impl SmtpUrl {
    /// As it was given, password and all, and how TLS is to be used, in the form that lettre reads.
    pub(super) fn reveal(&self) -> String {
        let starts_tls = self.0.starts_with("smtp://") && !self.is_this_machine();
        format!("{}{}", self.0, if starts_tls { "?tls=required" } else { "" })
    }

    /// Whether what is sent there leaves this machine at all.
    fn is_this_machine(&self) -> bool {
        let host = host_of(authority_of(&self.0));
        host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }
}

/// Host and port.
fn authority_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.rsplit('@').next().unwrap_or_default()
}

fn host_of(authority: &str) -> &str {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

impl FromStr for SmtpUrl {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, SmtpUrlError> {
        let known = text.starts_with("smtps://") || text.starts_with("smtp://");
        let authority = authority_of(text);
        // A query could take TLS back.
        let bare = !text.contains(['?', '#']) && !authority.contains('/');
        let named = !host_of(authority).is_empty();
        if known && bare && named { Ok(Self(text.to_owned())) } else { Err(SmtpUrlError) }
    }
}

/// Without the password: settings are printed.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
            Some((scheme, Some((_, host)))) => write!(f, "{scheme}://…@{host}"),
            _ => f.write_str(&self.0),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SmtpUrl {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn tls_is_required_wherever_mail_leaves_this_machine() {
        for (given, used) in [
            ("smtp://mail.example.org", "smtp://mail.example.org?tls=required"),
            ("smtp://u:p%40@mail.example.org:2525", "smtp://u:p%40@mail.example.org:2525?tls=required"),
            ("smtp://localhost.example.org", "smtp://localhost.example.org?tls=required"),
            ("smtp://127.0.0.1@192.0.2.1", "smtp://127.0.0.1@192.0.2.1?tls=required"),
            ("smtps://mail.example.org", "smtps://mail.example.org"),
            ("smtp://localhost:1025", "smtp://localhost:1025"),
            ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25"),
            ("smtp://[::1]:25", "smtp://[::1]:25"),
        ] {
            assert_eq!(read(given).reveal(), used);
        }
    }

    #[test]
    fn what_names_no_host_or_takes_tls_back_is_refused() {
        for wrong in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://user:password@",
            "smtp://:25",
            "smtp://mail.example.org/?tls=opportunistic",
            "smtp://mail.example.org?tls=opportunistic",
            "smtp://mail.example.org/ehlo",
        ] {
            assert_eq!(wrong.parse::<SmtpUrl>(), Err(SmtpUrlError), "{wrong}");
        }
    }

    #[test]
    fn the_password_is_not_printed() {
        let url = read("smtps://user:hunter2@mail.example.org:465");
        assert_eq!(format!("{url} {url:?}"), "smtps://…@mail.example.org:465 smtps://…@mail.example.org:465");
    }
}
