//! Somebody else's page with the tag in it: opens it, waits for what the tag shows in either mode, and says what
//! of the page is no longer as it was.

use anyhow::{Context as _, Result, ensure};
use fantoccini::wd::WebDriverCompatibleCommand;
use harness::api::Api;
use harness::browser::{Browser, Settings};
use harness::eventually;
use harness::host::HostPage;
use harness::server::Server;
use serde_json::{Value, json};
use url::Url;

use crate::takeover::shipment_under_way;

/// Runs first in every host page; by its nonce also under a strict policy.
const GUARD: &str = include_str!("guard.js");

/// What a policy of the host's must say for the host's own script.
pub(crate) const OWN: &str = "'nonce-own'";

/// The way in which the tag shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In a frame of the server's origin.
    Frame,
    /// In the page itself.
    Inline,
}

impl Mode {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Frame, Self::Inline];

    fn attribute(self) -> &'static str {
        match self {
            Self::Frame => "",
            Self::Inline => " mode=inline",
        }
    }

    /// What stands in the tag's shadow root when it is shown so.
    fn shows(self) -> &'static str {
        match self {
            Self::Frame => ".shown > iframe",
            Self::Inline => ".shown > .root",
        }
    }
}

/// A server with the shipment `TAG` under way, which another origin's page shows.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) api: Api,
    pub(crate) page: Browser,
}

impl Stage {
    pub(crate) async fn set() -> Result<Self> {
        let server = Server::start().await?;
        let api = shipment_under_way(&server, "TAG").await?;
        Ok(Self { server, api, page: Browser::open(&Settings::default()).await? })
    }

    /// The tag with its plain link.
    pub(crate) fn tag(&self, mode: Mode) -> String {
        self.tag_with(mode, "")
    }

    /// The same with further attributes.
    pub(crate) fn tag_with(&self, mode: Mode, more: &str) -> String {
        let (link, mode) = (self.server.url("/t/TAG"), mode.attribute());
        format!(
            "<doorstep-tracker tracking-id=TAG{mode} {more}><a href='{link}'>Track it</a></doorstep-tracker>"
        )
    }

    /// Where the server is, as a policy names it.
    pub(crate) fn origin(&self) -> String {
        self.server.url("")
    }

    /// Goes to a page with the script, `head` and `body`, and with these headers; the room is kept as
    /// `docs/EMBEDDING.md` says.
    pub(crate) async fn open(&self, headers: &[(&str, &str)], head: &str, body: &str) -> Result<HostPage> {
        self.open_as("<html>", headers, head, body).await
    }

    /// The same with a root element of its own.
    pub(crate) async fn open_as(
        &self,
        root: &str,
        headers: &[(&str, &str)],
        head: &str,
        body: &str,
    ) -> Result<HostPage> {
        let script = self.server.url("/embed/v1.js");
        let html = format!(
            "<!doctype html>{root}<head><meta charset=utf-8><title>Shop</title><script nonce=own>{GUARD}</script>
            <style nonce=own>body {{ margin: 0 }}
            doorstep-tracker:not(:defined) {{ display: block; height: 40rem }}</style>{head}
            <script type=module crossorigin src='{script}'></script></head>
            <body>{body}<script nonce=own>guard.begin()</script></body></html>"
        );
        let host = HostPage::serve_with(headers, &html).await?;
        self.page.goto(host.url()).await?;
        Ok(host)
    }

    /// Waits until `count` tags show it in that way.
    pub(crate) async fn shown(&self, mode: Mode, count: usize) -> Result<()> {
        let script = format!(
            "return [...document.querySelectorAll('doorstep-tracker')]
            .filter((tag) => tag.shadowRoot?.querySelector('{}')).length",
            mode.shows()
        );
        let found = eventually("the tags show it", || async {
            Ok((self.page.run(&script).await? == json!(count)).then_some(()))
        });
        let state = "return [guard.violations, guard.errors,
            [...document.querySelectorAll('doorstep-tracker')].map((tag) => tag.shadowRoot?.innerHTML)]";
        match found.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error).context(format!("{mode:?}: {}", self.page.run(state).await?)),
        }
    }

    /// The frame of the first tag.
    pub(crate) async fn frame(&self) -> Result<Value> {
        let script = "return document.querySelector('doorstep-tracker').shadowRoot.querySelector('iframe')";
        Ok(self.page.session().execute(script, Vec::new()).await?)
    }

    /// Looks into the frame of the first tag until [`Self::look_out`].
    pub(crate) async fn look_in(&self) -> Result<()> {
        self.page.session().issue_cmd(Look(self.frame().await?)).await?;
        Ok(())
    }

    /// Looks at the whole page again.
    pub(crate) async fn look_out(&self) -> Result<()> {
        self.page.session().issue_cmd(Look(Value::Null)).await?;
        Ok(())
    }

    /// Waits until the first tag is live and says `word` in its sentence.
    pub(crate) async fn says(&self, mode: Mode, word: &str) -> Result<()> {
        match mode {
            Mode::Frame => {
                // Into the frame that stands there now, each time: another may take its place meanwhile, and one that
                // was looked into before it went elsewhere says nothing any more.
                let said = || async {
                    self.look_in().await?;
                    let text = self.page.text("[data-part=sentence]").await?;
                    let live = self.page.attribute("#doorstep", "data-live").await?;
                    Ok::<_, anyhow::Error>(
                        text.is_some_and(|text| text.contains(word)) && live.as_deref() == Some("live"),
                    )
                };
                harness::eventually(&format!("the frame says {word}"), || async {
                    let said = said().await.unwrap_or(false);
                    self.look_out().await?;
                    Ok(said.then_some(()))
                })
                .await
            }
            Mode::Inline => {
                let inside = "document.querySelector('doorstep-tracker').shadowRoot";
                let says = format!(
                    "{inside}.querySelector('#doorstep')?.dataset.live === 'live' &&
                    {inside}.querySelector('[data-part=sentence]')?.innerText.includes({})",
                    json!(word)
                );
                self.page.comes_true(&format!("inline says {word}"), &says).await
            }
        }
    }

    /// The tag has left nothing in the page but itself; of its listeners, those that it needs while it stands.
    pub(crate) async fn nothing_leaked(&self, mode: Mode) -> Result<()> {
        self.unchanged(mode, &["listening"], &[]).await
    }

    /// The same, with no listener left, once it is gone.
    pub(crate) async fn nothing_left(&self, mode: Mode) -> Result<()> {
        self.unchanged(mode, &[], &[]).await
    }

    /// The page is as it was, `but`; and its policy refused nothing but `refused`.
    pub(crate) async fn unchanged(&self, mode: Mode, but: &[&str], refused: &[&str]) -> Result<()> {
        let changes = self.page.run(&format!("return guard.changes({})", json!(but))).await?;
        ensure!(changes == json!([]), "{mode:?}: what changed in the host: {changes}");
        // Some browsers ask for the host's own icon, which the policy lets nobody have.
        let violations = "return guard.violations.filter((one) => !one.endsWith('/favicon.ico'))";
        let violations = self.page.run(violations).await?;
        let known =
            |one: &Value| one.as_str().is_some_and(|one| refused.iter().any(|refused| one.contains(refused)));
        let list = violations.as_array().cloned().unwrap_or_default();
        ensure!(list.len() <= refused.len() && list.iter().all(known), "{mode:?}: refused: {violations}");
        let errors = self.page.run("return guard.errors").await?;
        ensure!(errors == json!([]), "{mode:?}: errors in the host: {errors}");
        Ok(())
    }
}

/// Looks into a frame that a script found; with `null`, at the whole page again.
#[derive(Debug)]
struct Look(Value);

impl WebDriverCompatibleCommand for Look {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/frame", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({"id": self.0}).to_string()))
    }
}
