//! The live channel over our own listener, where the viewer's socket is taken out of hyper.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use super::house::House;
use crate::limits;
use crate::net::{self, ConnectionLimits};

const PATIENCE: Duration = Duration::from_secs(20);

async fn listen(house: &House) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = ConnectionLimits {
        connections: 100,
        head_within: limits::HEAD_WITHIN,
        header_fields: limits::HEADER_FIELDS,
        head_bytes: limits::HEAD_BYTES,
    };
    let stopping = house.state.stopping.clone();
    (address, tokio::spawn(net::serve(listener, house.router.clone(), connections, stopping, PATIENCE)))
}

async fn ask(socket: &mut TcpStream, line: &str) {
    socket.write_all(format!("{line} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).await.unwrap();
}

/// Reads until what was read holds `end`.
async fn until(socket: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read);
        if text.contains(end) {
            return text.into_owned();
        }
        let mut chunk = [0; 16 * 1024];
        let count = tokio::time::timeout(PATIENCE, socket.read(&mut chunk)).await.expect(end).unwrap();
        assert!(count > 0, "the connection ended before {end:?}: {text}");
        read.extend_from_slice(&chunk[..count]);
    }
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_becomes_a_stream_when_it_asks_for_one() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    let (address, _serving) = listen(&house).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    ask(&mut socket, "GET /api/v1/track/S-1").await;
    until(&mut socket, "}").await;
    ask(&mut socket, "HEAD /api/v1/track/S-1/live").await;
    let head = until(&mut socket, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("text/event-stream"), "{head}");
    ask(&mut socket, "GET /api/v1/track/S-1/live").await;
    let opening = until(&mut socket, "}\n\n").await;
    let (head, body) = opening.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nconnection: close\r\n"), "{head}");
    for header in
        ["content-type: text/event-stream", "cache-control: no-store", "x-content-type-options: nosniff"]
    {
        assert!(head.contains(header), "{header} is missing in {head}");
    }
    assert!(body.starts_with("retry: 1000\n\nid: 1\nevent: view\ndata: {"), "{body}");
    house.post("/shipments/S-1/events", r#"{"id": "a", "status": "delivered"}"#).await;
    let change = until(&mut socket, "}\n\n").await;
    assert!(change.starts_with("id: 2\nevent: view\n"), "{change}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_that_leaves_is_forgotten() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    let (address, _serving) = listen(&house).await;
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = TcpStream::connect(address).await.unwrap();
        ask(&mut socket, "GET /api/v1/track/S-1/live").await;
        until(&mut socket, "}\n\n").await;
        sockets.push(socket);
    }
    assert_eq!(house.state.hub.size(), (1, 50));
    drop(sockets);
    eventually("nobody watches", || house.state.hub.size().1 == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_streams_politely_and_the_listener_after_them() {
    let house = House::new().await;
    house.post("/shipments", r#"{"trackingId": "S-1"}"#).await;
    let (address, serving) = listen(&house).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    ask(&mut socket, "GET /api/v1/track/S-1/live").await;
    until(&mut socket, "}\n\n").await;
    house.state.stopping.cancel();
    until(&mut socket, "event: bye\ndata: {}\n\n").await;
    assert_eq!(socket.read(&mut [0; 16]).await.unwrap(), 0);
    tokio::time::timeout(PATIENCE, serving).await.expect("the listener ends").unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "new connections are refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_viewer_holds_nobody_back_and_ends_with_the_latest() {
    const CHANGES: usize = 80;
    let house = House::new().await;
    // A long history, so that a view fills the kernel's buffers soon.
    let events: Vec<_> = (0..1000)
        .map(|n| json!({"id": format!("e{n}"), "status": "in_transit", "time": "2026-11-20T10:00:00Z", "sourceWord": "SCANNED SOMEWHERE ON ITS WAY"}))
        .collect();
    house.post("/shipments", &json!({"trackingId": "S-1", "events": events}).to_string()).await;
    let (address, _serving) = listen(&house).await;
    let slow = TcpSocket::new_v4().unwrap();
    slow.set_recv_buffer_size(4096).unwrap();
    let mut slow = slow.connect(address).await.unwrap();
    ask(&mut slow, "GET /api/v1/track/S-1/live").await;
    let mut quick = TcpStream::connect(address).await.unwrap();
    ask(&mut quick, "GET /api/v1/track/S-1/live").await;
    until(&mut quick, "}\n\n").await;
    for change in 0..CHANGES {
        let event =
            json!({"id": format!("c{change}"), "status": "in_transit", "time": "2026-11-20T11:00:00Z"});
        house.post("/shipments/S-1/events", &event.to_string()).await;
        let seen = until(&mut quick, "}\n\n").await;
        assert!(seen.contains(&format!("id: {}\n", 1001 + change + 1)), "the quick one sees each change");
    }
    let last = format!("id: {}\n", 1001 + CHANGES);
    let seen = until(&mut slow, &last).await;
    let frames = seen.matches("event: view").count();
    assert!(frames < CHANGES, "the slow one skipped what it was too slow for: {frames}");
}
