//! Targets in our own network: refused when they are told, and when it only shows later where a name leads.

use anyhow::{Result, ensure};
use harness::receiver::{Plan, Receiver};
use serde_json::json;

use crate::{ALLOWED, Post};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_who_stands_beside_us() -> Result<()> {
    let post = Post::open(&[]).await?;
    let inside = Receiver::open(|_, _| Plan::of(200)).await?;
    let port = inside.address().port();
    for host in
        ["127.0.0.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"]
    {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            let (status, answer) = post.api.post("/webhooks", &json!({"url": url})).await?;
            ensure!(status == 422 && answer["errors"][0]["pointer"] == "/url", "{url}: {status} {answer}");
            let said = answer["errors"][0]["message"].as_str().unwrap_or_default();
            ensure!(said == "its address is private, local or reserved", "{url}: {answer}");
        }
    }
    // A name tells where it leads only when it is asked.
    let hook = post.hook(&format!("https://localhost:{port}/")).await?;
    post.api.create("INSIDE").await?;
    let attempt = post.first_attempt(&hook).await?;
    ensure!(attempt["failure"] == "its address is private, local or reserved", "{attempt}");
    ensure!(inside.seen().is_empty(), "somebody came");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_whoever_runs_the_server_allows_is_called() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let inside = Receiver::open(|_, _| Plan::of(200)).await?;
    post.hook(&format!("http://localhost:{}/", inside.address().port())).await?;
    post.api.create("ALLOWED").await?;
    inside.got(1).await?;
    let (status, answer) = post.api.post("/webhooks", &json!({"url": "http://169.254.169.254/"})).await?;
    ensure!(status == 422, "and nothing else: {status} {answer}");
    let (status, answer) = post.api.post("/webhooks", &json!({"url": "http://[::1]/"})).await?;
    ensure!(status == 422, "{status} {answer}");
    Ok(())
}
