//! The deliverer against real receivers on loopback, in a time that the tests run by hand.

mod receiver;
mod schedule;
mod showing;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use doorstep_model::id::TrackingId;
use http::StatusCode;
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::{
    Auth, Deliverer, Endpoint, EndpointPlan, MOST_ENDPOINTS, News, Rendered, STANDARD, Shape, Shapes,
    SigningKey, Standard, Topics,
};
use crate::api::tests::house::House;
use crate::identity::{KeyHash, TenantId};
use crate::outbound::Outbound;
use crate::state::AppState;
use crate::store::outbox::{Attempt, Message, MessagePageRequest};
use receiver::Receiver;

/// A server whose deliverer may call loopback.
struct Post {
    house: House,
    state: AppState,
    deliverer: Arc<Deliverer>,
    tenant: TenantId,
    key: SigningKey,
}

/// Writes nothing but the code.
struct CodeOnly;

#[async_trait]
impl Shape for CodeOnly {
    fn name(&self) -> &'static str {
        "code-only"
    }

    async fn render(&self, news: &News, _: &Endpoint) -> anyhow::Result<Option<Rendered>> {
        Ok(Some(Rendered::json(json!({"code": news.code}).to_string())))
    }

    fn is_taken(&self, _: &Rendered, status: StatusCode) -> bool {
        status.is_success() || status == StatusCode::CONFLICT
    }
}

impl Post {
    async fn open() -> Self {
        let house = House::new().await;
        let allowed = "127.0.0.0/8".parse().unwrap_or_else(|e| panic!("{e}"));
        let outbound = Arc::new(Outbound::new(allowed).unwrap_or_else(|e| panic!("{e:#}")));
        let shapes = Shapes::of([Arc::new(Standard) as Arc<dyn Shape>, Arc::new(CodeOnly)]);
        let state = AppState { outbound, shapes, ..house.state.clone() };
        let client = state.store.client_by_key(&KeyHash::of(&house.manager)).await;
        let tenant = client.ok().flatten().unwrap_or_else(|| panic!("the house has a manager")).tenant;
        let key = SigningKey::random().unwrap_or_else(|e| panic!("{e}"));
        Self { deliverer: Deliverer::new(&state), house, state, tenant, key }
    }

    fn plan(&self, url: &str) -> EndpointPlan {
        let auth = Auth::signature(&self.state.vault, self.tenant, &self.key);
        EndpointPlan {
            scope: None,
            target: url.parse().unwrap_or_else(|e| panic!("{url}: {e}")),
            shape: STANDARD.to_owned(),
            auth: auth.unwrap_or_else(|e| panic!("{e}")),
            topics: Topics::ALL,
            includes_code: false,
            note: String::new(),
        }
    }

    async fn add(&self, plan: EndpointPlan) -> Endpoint {
        let now = self.state.clock.now();
        let made = self.state.store.add_endpoint(self.tenant, plan, now, MOST_ENDPOINTS).await;
        made.ok().flatten().unwrap_or_else(|| panic!("an endpoint is made"))
    }

    async fn endpoint(&self, endpoint: &Endpoint) -> Endpoint {
        let found = self.state.store.endpoint(self.tenant, endpoint.id).await;
        found.ok().flatten().unwrap_or_else(|| panic!("it is there"))
    }

    async fn create(&self, id: &str, more: Value) {
        let mut body = json!({"trackingId": id, "zone": "Europe/Madrid"});
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let answer = self.house.post("/shipments", &body.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    async fn report(&self, id: &str, event: &str, status: &str) {
        let body = json!({"id": event, "status": status}).to_string();
        let answer = self.house.post(&format!("/shipments/{id}/events"), &body).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    /// Lets time pass, and everything be told that is due then.
    async fn after(&self, seconds: u64) {
        self.house.wait(Duration::from_secs(seconds));
        self.deliverer.deliver_due().await.unwrap_or_else(|e| panic!("{e:?}"));
    }

    /// What was answered to an endpoint's messages, oldest first, as its owner sees it.
    async fn answers(&self, endpoint: &Endpoint) -> Vec<Value> {
        let mut answers = Vec::new();
        for (message, _) in self.messages(endpoint).await {
            let path = format!("/webhooks/{}/messages/{}", endpoint.id.0, message.message);
            let shown = self.house.get(&path).await.json();
            let attempts = shown["attempts"].as_array().cloned().unwrap_or_default();
            answers.extend(attempts.iter().map(|attempt| attempt["answer"].clone()));
        }
        answers
    }

    /// An endpoint's messages, oldest first, with their attempts.
    async fn messages(&self, endpoint: &Endpoint) -> Vec<(Message, Vec<Attempt>)> {
        let page = MessagePageRequest { older_than: None, limit: 100 };
        let page = self.state.store.messages(self.tenant, endpoint.id, None, page).await;
        let page = page.ok().flatten().unwrap_or_else(|| panic!("it is there"));
        let mut messages = Vec::new();
        for listed in page.messages.iter().rev() {
            let found = self.state.store.message(self.tenant, endpoint.id, &listed.message).await;
            messages.push(found.ok().flatten().unwrap_or_else(|| panic!("it is there")));
        }
        messages
    }
}

#[tokio::test]
async fn a_dead_receiver_holds_nobody_else_back() {
    let post = Post::open().await;
    let (dead, well) = (Receiver::silent().await, Receiver::open().await);
    post.add(post.plan(&dead.url)).await;
    // As dialects make them: one for each order, all to one receiver; more than may be on their way at all.
    for n in 0..600 {
        let scope = Some(TrackingId::parse(&format!("S-{n}")).unwrap_or_else(|e| panic!("{e}")));
        let plan = EndpointPlan { scope, ..post.plan(&format!("{}/{n}", dead.url)) };
        post.add(plan).await;
        post.create(&format!("S-{n}"), json!({})).await;
    }
    let stopping = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&post.deliverer).run(stopping.clone()));
    let began = std::time::Instant::now();
    while dead.connections() == 0 {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing goes on its way");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    post.add(post.plan(&well.url)).await;
    for n in 0..40 {
        post.create(&format!("W-{n}"), json!({})).await;
    }
    while well.seen().len() < 40 {
        assert!(began.elapsed() < Duration::from_secs(60), "{} of 40 came", well.seen().len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(dead.connections() <= 8, "{} wait for the dead one", dead.connections());
    stopping.cancel();
    running.abort();
}

#[tokio::test]
async fn what_a_shape_takes_for_a_success_is_one_and_holds_back_nothing() {
    let post = Post::open().await;
    let receiver = Receiver::open().await;
    post.add(EndpointPlan { shape: "code-only".to_owned(), ..post.plan(&receiver.url) }).await;
    receiver.answer([(409, None, "I have it already")]);
    post.create("S-1", json!({})).await;
    post.report("S-1", "e", "out_for_delivery").await;
    post.after(0).await;
    assert_eq!(receiver.seen().len(), 2);
}

#[tokio::test]
async fn what_is_long_done_is_forgotten_faster_than_it_comes() {
    let post = Post::open().await;
    let endpoint = post.add(post.plan("https://hooks.example/")).await;
    let path = post.house.folder.path().join("house.db");
    let options = SqliteConnectOptions::new().filename(path).foreign_keys(true);
    let mut beside = options.connect().await.unwrap_or_else(|e| panic!("{e}"));
    for sql in [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO news (message, tenant_id, sequence, topic, at) SELECT 'msg_' || i, ?1, 1, 1, 0 FROM n",
        "INSERT INTO delivery (endpoint_id, news_id, state, done_at) SELECT ?2, id, 'delivered', 0 FROM news",
    ] {
        let made = sqlx::query(sql).bind(post.tenant.0).bind(endpoint.id.0).execute(&mut beside).await;
        assert_eq!(made.unwrap_or_else(|e| panic!("{e}")).rows_affected(), 3_000);
    }
    let stopping = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&post.deliverer).run(stopping.clone()));
    let began = std::time::Instant::now();
    loop {
        let left = sqlx::query_scalar("SELECT COUNT(*) FROM news").fetch_one(&mut beside).await;
        let left: i64 = left.unwrap_or_else(|e| panic!("{e}"));
        if left == 0 {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{left} are left");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stopping.cancel();
    running.abort();
}
