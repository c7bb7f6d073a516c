//! What we sign as others verify it: PyPI's `standardwebhooks`, the reference implementation, which `cargo xtask
//! setup` installs.

use anyhow::{Context as _, Result, ensure};
use harness::python;
use harness::receiver::{Plan, Received, Receiver};
use serde_json::{Value, json};

use crate::{ALLOWED, Post};

/// Verifies each case; prints whether it was accepted, and when not why. `later` moves the present on by so many
/// seconds.
const VERIFIER: &str = r#"
import datetime, json, sys
import standardwebhooks.webhooks as library

def verify(case):
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.now(tz) + datetime.timedelta(seconds=case["later"])
    library.datetime = Later
    try:
        library.Webhook(case["secret"]).verify(case["body"], case["headers"])
        return "accepted"
    except library.WebhookVerificationError as error:
        return str(error)

print(json.dumps([verify(case) for case in json.load(sys.stdin)]))
"#;

fn case(seen: &Received, secret: &str, later: i64) -> Value {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), seen.header(name).into())).collect();
    json!({"secret": secret, "headers": headers, "body": seen.body, "later": later})
}

fn with(mut case: Value, pointer: &str, value: Value) -> Value {
    if let Some(place) = case.pointer_mut(pointer) {
        *place = value;
    }
    case
}

async fn verdicts(cases: &[Value]) -> Result<Vec<String>> {
    let told = python::run(VERIFIER, &serde_json::to_vec(cases)?).await?;
    let told = told.as_array().context("a list")?.iter();
    told.map(|verdict| verdict.as_str().map(str::to_owned).context("a text")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn others_accept_our_signatures_and_nothing_that_was_changed() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let receiver = Receiver::open(|_, _| Plan::of(200)).await?;
    let hook = post.hook(&receiver.url("/hook")).await?;
    post.api.create("SIGNED").await?;
    let note = json!({"id": "e1", "status": "in_transit", "note": "Łódź → \"Málaga\" 🚚 it's"});
    post.api.report("SIGNED", note).await?;
    let seen = receiver.got(2).await?;
    let (first, second) = (case(&seen[0], &hook.secret, 0), case(&seen[1], &hook.secret, 0));
    let stranger = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let changed = seen[1].body.replace("in_transit", "delivered");
    ensure!(changed != seen[1].body, "something was changed");
    let timestamp: i64 = seen[1].header("webhook-timestamp").parse()?;
    let cases = [
        first.clone(),
        second.clone(),
        with(second.clone(), "/later", 290.into()),
        with(second.clone(), "/body", changed.into()),
        with(second.clone(), "/body", format!("{} ", seen[1].body).into()),
        with(second.clone(), "/headers/webhook-id", seen[0].header("webhook-id").into()),
        with(second.clone(), "/headers/webhook-timestamp", (timestamp + 1).to_string().into()),
        with(second.clone(), "/secret", stranger.into()),
        with(second.clone(), "/later", 310.into()),
        with(second, "/later", (-310).into()),
    ];
    let verdicts = verdicts(&cases).await?;
    let unmatched = "No matching signature found";
    let expected = [
        "accepted",
        "accepted",
        "accepted",
        unmatched,
        unmatched,
        unmatched,
        unmatched,
        unmatched,
        "Message timestamp too old",
        "Message timestamp too new",
    ];
    ensure!(verdicts == expected, "{verdicts:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_keys_change_others_accept_by_either() -> Result<()> {
    let post = Post::open(&ALLOWED).await?;
    let receiver = Receiver::open(|_, _| Plan::of(200)).await?;
    let hook = post.hook(&receiver.url("/hook")).await?;
    let rotate = async |hours: u16| -> Result<String> {
        let path = format!("/webhooks/{}/secret", hook.id);
        let (status, told) = post.api.post(&path, &json!({"overlapHours": hours})).await?;
        ensure!(status == 200, "{status} {told}");
        Ok(told["secret"].as_str().context("a secret")?.to_owned())
    };
    let new = rotate(1).await?;
    post.api.create("BOTH").await?;
    let both = receiver.got(1).await?.remove(0);
    let last = rotate(0).await?;
    post.api.create("ONE").await?;
    let one = receiver.got(2).await?.remove(1);
    let cases = [
        case(&both, &hook.secret, 0),
        case(&both, &new, 0),
        case(&one, &last, 0),
        case(&one, &new, 0),
        case(&one, &hook.secret, 0),
    ];
    let unmatched = "No matching signature found";
    let verdicts = verdicts(&cases).await?;
    ensure!(verdicts == ["accepted", "accepted", "accepted", unmatched, unmatched], "{verdicts:#?}");
    Ok(())
}
