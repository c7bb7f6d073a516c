//! Calls to real listeners on loopback, by names that a stub resolves.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Answers one list of addresses after the other, the last one again and again.
struct Script(Mutex<VecDeque<Vec<&'static str>>>);

impl Script {
    fn of(answers: impl IntoIterator<Item = Vec<&'static str>>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(answers.into_iter().collect())))
    }
}

#[async_trait]
impl Resolver for Script {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let mut script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = script.pop_front().unwrap_or_default();
        if script.is_empty() {
            script.push_back(answer.clone());
        }
        Ok(answer.iter().filter_map(|address| address.parse().ok()).collect())
    }
}

/// Answers every connection with `answer` and closes it; counts them.
async fn listen(answer: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    let address = listener.local_addr().unwrap_or_else(|e| panic!("{e}"));
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            // Nothing to say at all: the connection stays open and silent.
            if answer.is_empty() {
                std::mem::forget(stream);
            }
        }
    });
    (address, seen)
}

fn outbound(allowed: &str, resolver: Arc<dyn Resolver>) -> Outbound {
    let allowed = allowed.parse().unwrap_or_else(|e| panic!("{e}"));
    Outbound::with_resolver(allowed, resolver).unwrap_or_else(|e| panic!("{e:#}"))
}

fn call(url: &str) -> Call {
    let target = url.parse().unwrap_or_else(|e| panic!("{url}: {e}"));
    Call { method: Method::POST, target, headers: HeaderMap::new(), body: Bytes::from_static(b"{}") }
}

async fn send(outbound: &Outbound, url: &str) -> Result<Reply, OutboundError> {
    outbound.send(call(url), Patience { within: Duration::from_millis(500), body: 16 }).await
}

const OK: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";

#[tokio::test]
async fn an_answer_is_read() {
    let (address, _) = listen(OK).await;
    let outbound = outbound("127.0.0.0/8", Script::of([vec!["127.0.0.1"]]));
    let reply = send(&outbound, &format!("http://shop.example:{}/x", address.port())).await;
    let reply = reply.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((reply.status, reply.body.as_ref(), reply.is_whole), (StatusCode::OK, b"ok".as_ref(), true));
}

#[tokio::test]
async fn nobody_is_connected_to_whose_address_is_ours() {
    let (address, seen) = listen(OK).await;
    let port = address.port();
    let refused = Err(OutboundError::Refused(Refused::Address));
    for (name, addresses) in [
        ("a name that says loopback", vec!["127.0.0.1"]),
        ("in IPv6", vec!["::1"]),
        ("mapped", vec!["::ffff:127.0.0.1"]),
        ("metadata", vec!["169.254.169.254"]),
        ("several", vec!["10.0.0.1", "127.0.0.1"]),
    ] {
        let outbound = outbound("", Script::of([addresses]));
        let answer = send(&outbound, &format!("https://shop.example:{port}/")).await;
        assert_eq!(answer.map(|reply| reply.status), refused, "{name}");
    }
    let outbound = outbound("", Script::of([vec![]]));
    for url in ["https://127.0.0.1", "https://0x7f.1", "https://[::1]", "https://[::ffff:127.0.0.1]"] {
        let answer = send(&outbound, &format!("{url}:{port}/")).await;
        assert_eq!(answer.map(|reply| reply.status), refused, "{url}");
    }
    assert_eq!(seen.load(Ordering::SeqCst), 0, "nobody came");
}

#[tokio::test]
async fn http_goes_only_where_it_is_allowed() {
    let (address, seen) = listen(OK).await;
    let url = format!("http://shop.example:{}/", address.port());
    let plain = Err(OutboundError::Refused(Refused::Plain));
    let strict = outbound("", Script::of([vec!["127.0.0.1"]]));
    assert_eq!(send(&strict, &url).await.map(|reply| reply.status), plain);
    let elsewhere = outbound("10.0.0.0/8", Script::of([vec!["8.8.8.8"]]));
    assert_eq!(send(&elsewhere, &url).await.map(|reply| reply.status), plain);
    assert_eq!(seen.load(Ordering::SeqCst), 0, "nobody came");
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_checked_again() {
    let (address, seen) = listen(OK).await;
    let port = address.port();
    // First an address that is allowed, then one that is not, as in DNS rebinding.
    let script = Script::of([vec!["127.0.0.1"], vec!["127.0.0.2"]]);
    let outbound = outbound("127.0.0.1/32", script);
    let url = format!("http://rebind.example:{port}/");
    assert_eq!(send(&outbound, &url).await.map(|reply| reply.status), Ok(StatusCode::OK));
    let refused = Err(OutboundError::Refused(Refused::Address));
    assert_eq!(send(&outbound, &url).await.map(|reply| reply.status), refused);
    assert_eq!(seen.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inside, seen) = listen(OK).await;
    let redirect: &'static str = Box::leak(
        format!("HTTP/1.1 302 Found\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\n\r\n").into(),
    );
    let (address, _) = listen(redirect).await;
    let outbound = outbound("127.0.0.0/8", Arc::new(SystemResolver));
    let reply = send(&outbound, &format!("http://{address}/")).await;
    assert_eq!(reply.map(|reply| reply.status), Ok(StatusCode::FOUND));
    assert_eq!(seen.load(Ordering::SeqCst), 0, "nobody came");
}

#[tokio::test]
async fn too_much_is_cut_off_and_too_slow_is_given_up() {
    let (address, _) =
        listen("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 40\r\n\r\n0123456789012345678").await;
    let outbound = outbound("127.0.0.0/8", Arc::new(SystemResolver));
    let reply = send(&outbound, &format!("http://{address}/")).await.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((reply.body.as_ref(), reply.is_whole), (b"0123456789012345".as_ref(), false));
    let (silent, _) = listen("").await;
    let answer = send(&outbound, &format!("http://{silent}/")).await;
    assert_eq!(answer.map(|reply| reply.status), Err(OutboundError::TimedOut));
}

#[tokio::test]
async fn what_is_no_answer_is_told_as_what_it_is() {
    let outbound = outbound("127.0.0.0/8", Script::of([vec![]]));
    let failure = async |url: &str| send(&outbound, url).await.map(|reply| reply.status);
    assert_eq!(failure("https://nowhere.example/").await, Err(OutboundError::Unresolved));
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
    let address = closed.local_addr().unwrap_or_else(|e| panic!("{e}"));
    drop(closed);
    assert_eq!(failure(&format!("http://{address}/")).await, Err(OutboundError::Unconnected));
    let (garbage, _) = listen("220 smtp.example ESMTP\r\n").await;
    assert_eq!(failure(&format!("http://{garbage}/")).await, Err(OutboundError::Broken));
    let (plain, _) = listen(OK).await;
    assert_eq!(failure(&format!("https://{plain}/")).await, Err(OutboundError::Insecure));
}

#[test]
fn retry_after_is_read_as_seconds_or_as_a_date() {
    let asks = |value: &'static str, now| {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static(value))]);
        Reply { status: StatusCode::OK, headers, body: Bytes::new(), is_whole: true }.retry_after(now)
    };
    assert_eq!(asks("120", 0), Some(120));
    assert_eq!(asks("Thu, 01 Jan 1970 00:01:00 GMT", 20), Some(40));
    assert_eq!(asks("Thu, 01 Jan 1970 00:01:00 GMT", 90), Some(0));
    assert_eq!(asks("-1", 0), None);
    assert_eq!(asks("soon", 0), None);
}
