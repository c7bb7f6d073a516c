//! A page as an HTTP answer: its headers, which let nothing run but the widget. Knows nothing of what
//! stands on the page.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::framing::Framing;
use super::looks::Looks;
use super::shell::{self, Assets, Body, Widget};
use crate::assets::{Embed, Site};
use crate::language::Chosen;

/// One page.
pub(super) struct Page<'a> {
    pub(super) status: StatusCode,
    pub(super) language: Chosen,
    pub(super) title: &'a str,
    pub(super) body: Body<'a>,
    /// Where it may stand in a frame; nowhere otherwise.
    pub(super) framing: Option<&'a Framing>,
    /// The shop's looks around it.
    pub(super) looks: Option<&'a Looks>,
}

/// What is the same for every page of this binary, made once.
struct Fixed {
    assets: Assets,
    policy: HeaderValue,
    style_source: String,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(Fixed::of_site);

impl Fixed {
    fn of_site() -> Self {
        let site = Site::current();
        let style = site.style();
        let entry = site.entry.as_ref();
        let embedded = |embed: &Embed| widget(&embed.js, &embed.wasm);
        let assets = Assets {
            hosted: entry.map(|entry| widget(&entry.js, &entry.wasm)),
            framed: entry.map(|entry| embedded(&entry.embed)),
            personal: entry.map(|entry| embedded(&entry.embed_recipient)),
            words: entry.map(|entry| entry.words.clone()).unwrap_or_default(),
            style: style.as_ref().map(|(text, _)| (*text).to_owned()).unwrap_or_default(),
        };
        let style_source = style.map(|(_, hash)| hash).unwrap_or_default();
        Self { policy: policy(&style_source, OWN, "'none'"), style_source, assets }
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let fixed = &*FIXED;
        let html =
            shell::page(self.title, self.language, &self.body, &fixed.assets, self.framing, self.looks);
        let mut response = (self.status, axum::response::Html(html.into_string())).into_response();
        let headers = response.headers_mut();
        if self.framing.is_some() {
            // A page that isolates itself takes only frames that say they may be taken, and do so too.
            for (name, value) in ISOLATED {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        let policy = match (self.framing, self.looks) {
            (None, None) => fixed.policy.clone(),
            (framing, looks) => {
                let of_looks = looks.map(Looks::style_source).unwrap_or_default();
                let styles = format!("{} {of_looks}", fixed.style_source);
                let ancestors = framing.map_or("'none'", |framing| framing.ancestors.as_str());
                // A frame's session travels in a header, and so its pictures come by script.
                let pictures =
                    if framing.is_some_and(|framing| framing.personal) { "'self' blob:" } else { OWN };
                policy(styles.trim_end(), pictures, ancestors)
            }
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        let widget = fixed.assets.widget(self.framing).filter(|_| !matches!(self.body, Body::Card));
        if let Some(preload) = widget.and_then(preload) {
            headers.insert(header::LINK, preload);
        }
        response
    }
}

const ISOLATED: [(&str, &str); 2] =
    [("cross-origin-resource-policy", "cross-origin"), ("cross-origin-embedder-policy", "require-corp")];

/// Where pictures come from.
const OWN: &str = "'self'";

/// Everything from here and nothing inline, but for the style sheets with those hashes.
fn policy(style: &str, pictures: &str, frames: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' {style}; \
         connect-src 'self'; img-src {pictures}; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {frames}"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn widget(script: &str, wasm: &str) -> Widget {
    Widget { script: script.to_owned(), wasm: wasm.to_owned() }
}

/// Script and module start to load with the first byte of the answer.
fn preload(Widget { script, wasm }: &Widget) -> Option<HeaderValue> {
    let link = format!(
        "<{script}>; rel=modulepreload; as=script, <{wasm}>; rel=preload; as=fetch; crossorigin; \
         type=\"application/wasm\""
    );
    HeaderValue::try_from(link).ok()
}
