//! The HTML of the hosted page and of an embed's frame as the built server sends it: the one part that no
//! build leaves in a folder. Runs the demo for a moment on a port and a database of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
};

/// A page with a history, as it is hosted, as it stands in a frame, and in one that is to become the
/// recipient's.
const PAGES: [&str; 3] =
    ["/t/DEMO-LATE", "/embed/DEMO-LATE?theme=light", "/embed/DEMO-LATE?theme=light&as=recipient"];

const PATIENCE: Duration = Duration::from_secs(30);

/// The page, and how many bytes of it go over the wire.
pub(super) struct Html {
    pub(super) text: Vec<u8>,
    pub(super) wire_bytes: u64,
}

/// These pages from the debug server, which carries the same files as the release.
pub(super) fn of_server(project: &Project) -> Outcome<[Html; 3]> {
    let address = free_address().about("find a free port for", &project.server_binary("debug"))?;
    let _server = Server::start(project, address)?;
    let began = Instant::now();
    let [hosted, framed, personal] = PAGES.map(|path| {
        loop {
            if let Some(text) = get(address, path, "identity")
                && let Some(compressed) = get(address, path, "br")
            {
                return Ok(Html { text, wire_bytes: compressed.len() as u64 });
            }
            if began.elapsed() > PATIENCE {
                return Err(Failure::new(format!("the server did not answer with {path}"))
                    .mend("`target/debug/doorstep demo` says why"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    Ok([hosted?, framed?, personal?])
}

/// Ends with its owner.
struct Server(Child);

impl Server {
    fn start(project: &Project, address: SocketAddr) -> Outcome<Self> {
        let folder = project.target().join("size");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).about("make", &folder)?;
        let binary = project.server_binary("debug");
        let database = format!("sqlite:{}", folder.join("demo.db").display());
        Command::new(&binary)
            .args(["demo", "--listen", &address.to_string(), "--database", &database])
            .args(["--metrics-listen", "off"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .about("start", &binary)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing left to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// The body of the page, or nothing while there is none. HTTP/1.0, so that it ends with the connection.
fn get(address: SocketAddr, path: &str, encoding: &str) -> Option<Vec<u8>> {
    let mut socket = TcpStream::connect(address).ok()?;
    write!(socket, "GET {path} HTTP/1.0\r\nhost: localhost\r\naccept-encoding: {encoding}\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).ok()?;
    body(&answer).map(<[u8]>::to_vec)
}

/// What follows the head of an answer with status 200.
fn body(answer: &[u8]) -> Option<&[u8]> {
    const END: &[u8] = b"\r\n\r\n";
    let status = answer.split(|&byte| byte == b' ').nth(1)?;
    let head = answer.windows(END.len()).position(|window| window == END)?;
    (status == b"200").then(|| &answer[head + END.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_of_a_good_answer_is_what_follows_its_head() {
        assert_eq!(body(b"HTTP/1.0 200 OK\r\na: b\r\n\r\npage"), Some(&b"page"[..]));
        assert_eq!(body(b"HTTP/1.0 404 Not Found\r\n\r\npage"), None);
        assert_eq!(body(b"HTTP/1.0 200 OK\r\na: b\r\n"), None);
        assert_eq!(body(b""), None);
    }
}
