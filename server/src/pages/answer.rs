//! A page as an HTTP answer: its headers, which let nothing run but the widget. Knows nothing of what
//! stands on the page.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::shell::{self, Assets, Body};
use crate::assets::Site;
use crate::language::Language;

/// One page.
pub(super) struct Page<'a> {
    pub(super) status: StatusCode,
    pub(super) language: Language,
    pub(super) title: &'a str,
    pub(super) body: Body<'a>,
}

/// What is the same for every page of this binary, made once.
struct Fixed {
    assets: Assets,
    policy: HeaderValue,
    policy_in_frames: HeaderValue,
    preload: Option<HeaderValue>,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(Fixed::of_site);

impl Fixed {
    fn of_site() -> Self {
        let site = Site::current();
        let style = site.style();
        let assets = Assets {
            scripts: site.entry.as_ref().map(|entry| (entry.js.clone(), entry.wasm.clone())),
            words: site.entry.as_ref().map(|entry| entry.words.clone()).unwrap_or_default(),
            style: style.as_ref().map(|(text, _)| (*text).to_owned()).unwrap_or_default(),
        };
        let style_hash = style.as_ref().map(|(_, hash)| hash.as_str());
        Self {
            policy: policy(style_hash, "'none'"),
            policy_in_frames: policy(style_hash, "*"),
            preload: preload(&assets),
            assets,
        }
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let fixed = &*FIXED;
        let html = shell::page(self.title, self.language, &self.body, &fixed.assets);
        let mut response = (self.status, axum::response::Html(html.into_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, fixed.policy.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        if let Some(preload) = fixed.preload.as_ref().filter(|_| !matches!(self.body, Body::Card)) {
            headers.insert(header::LINK, preload.clone());
        }
        response
    }
}

/// The same answer, for whoever wants to frame it.
pub(super) fn frameable(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FIXED.policy_in_frames.clone());
    answer
}

/// Everything from here and nothing inline, but for the style sheet with that hash.
fn policy(style: Option<&str>, frames: &str) -> HeaderValue {
    let style = style.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' {style}; \
         connect-src 'self'; img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors {frames}"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Script and module start to load with the first byte of the answer.
fn preload(assets: &Assets) -> Option<HeaderValue> {
    let (script, wasm) = assets.scripts.as_ref()?;
    let link = format!(
        "<{script}>; rel=modulepreload; as=script, <{wasm}>; rel=preload; as=fetch; crossorigin; \
         type=\"application/wasm\""
    );
    HeaderValue::try_from(link).ok()
}
