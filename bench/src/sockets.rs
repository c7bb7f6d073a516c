//! Opens client connections in numbers: raises the limit of open files and spreads the source
//! addresses over 127.0.0.0/8, so that ports do not run out. Speaks no protocol.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rlimit::Resource;
use socket2::{Domain, Protocol, Socket, Type};

/// Enough for 30,000 viewers and everything else, on either side.
const OPEN_FILES: u64 = 65_536;
const OTHER_FILES: u64 = 300;
const SOURCES: usize = 16;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Raises the limit of open files for this process and its children as far as the system allows.
pub(crate) fn raise_open_files() -> Result<()> {
    let (_, hard) = Resource::NOFILE.get().context("the limit of open files")?;
    let wanted = hard.max(OPEN_FILES);
    // Only few may lift the hard limit; the others take all they may have.
    if Resource::NOFILE.set(wanted, wanted).is_err() {
        Resource::NOFILE.set(hard, hard)?;
    }
    Ok(())
}

/// Fails when one process may not have `connections` sockets besides its other files.
pub(crate) fn need_open_files(connections: usize) -> Result<()> {
    let allowed = Resource::NOFILE.get_soft()?;
    let needed = connections as u64 + OTHER_FILES;
    ensure!(needed <= allowed, "{needed} open files needed, {allowed} allowed: see `ulimit -Hn`");
    Ok(())
}

/// Connects connection number `index`, blocking; the source address is chosen by the number.
pub(crate) fn connect(address: SocketAddr, index: usize) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    let host = u8::try_from(2 + index % SOURCES).unwrap_or(2);
    let source = SocketAddr::from((Ipv4Addr::new(127, 0, 0, host), 0));
    socket.bind(&source.into()).context("binding a source address")?;
    socket.set_tcp_nodelay(true)?;
    socket
        .connect_timeout(&address.into(), CONNECT_LIMIT)
        .with_context(|| format!("connection {index} to {address}"))?;
    Ok(socket.into())
}
