//! The built site inside the binary: wasm, glue, styles and icons with their brotli and gzip siblings,
//! made by `cargo xtask dist`. A build without a site (as in tests of the server alone) serves pages
//! without scripts, which must be usable too. Knows nothing of what the files do.

mod encoding;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};

use encoding::{Encoding, accepted};

/// Under this path every file's name holds a hash of its content, so that it may be kept for ever.
const HASHED: &str = "/assets/";

/// So does one that begins like this, for pages of other people.
const VERSIONED: &str = "/embed/v1.";

/// The pages' service worker. A browser looks for a newer one by itself and must not be shown an old one; what
/// it may reach follows from its own policy, not from a page's.
const WORKER: &str = "/worker.js";
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

#[derive(rust_embed::Embed)]
#[folder = "$DOORSTEP_SITE_DIR"]
#[allow_missing = true]
struct Files;

/// The built site.
#[derive(Debug, Default)]
pub struct Site {
    files: BTreeMap<String, File>,
    /// What a page needs to become live; `None` when the binary carries no site.
    pub entry: Option<Entry>,
}

/// The files that make a page live, as URL paths.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Entry {
    /// Starts everything; a module script.
    pub boot: String,
    /// The glue of the WebAssembly; a module.
    pub js: String,
    /// The WebAssembly.
    pub wasm: String,
    /// The same for a page that stands in a frame of somebody else's.
    pub embed: Embed,
    /// And for one that is to become the recipient's.
    #[serde(rename = "embedRecipient")]
    pub embed_recipient: Embed,
    /// The style sheet, to be written into the page.
    pub css: String,
    /// The widget's words by language, as the catalogue's files are called.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

/// The files that make an embedded page live, as URL paths.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Embed {
    /// Speaks with the page around, and starts everything; a module script.
    pub js: String,
    /// The WebAssembly, without a router.
    pub wasm: String,
}

#[derive(Debug)]
struct File {
    content_type: &'static str,
    etag: HeaderValue,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

static CURRENT: LazyLock<Site> = LazyLock::new(Site::load);

impl Site {
    /// The site that this binary carries.
    pub fn current() -> &'static Self {
        &CURRENT
    }

    /// The style sheet of the page and its CSP source (`'sha256-…'`).
    pub fn style(&self) -> Option<(&str, String)> {
        let file = self.files.get(&self.entry.as_ref()?.css)?;
        let text = std::str::from_utf8(&file.plain).ok()?;
        Some((text, format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))))
    }

    /// A router that answers each of the site's files.
    pub fn router<S: Clone + Send + Sync + 'static>(&'static self) -> Router<S> {
        self.files.iter().fold(Router::new(), |router, (path, file)| {
            let versioned = path.starts_with(VERSIONED) && path.ends_with(".js") && path != "/embed/v1.js";
            let immutable = path.starts_with(HASHED) || versioned;
            let worker = path == WORKER;
            let answer = async move |headers: HeaderMap| {
                let mut answer = file.answer(&headers, immutable);
                if worker {
                    let headers = answer.headers_mut();
                    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
                }
                answer
            };
            router.route(path, get(answer))
        })
    }

    fn load() -> Self {
        let read = |name: &str| Files::get(name).map(|file| Bytes::from(file.data.into_owned()));
        let files = Files::iter()
            .filter(|name| !name.ends_with(".br") && !name.ends_with(".gz") && name != "manifest.json")
            .filter_map(|name| {
                let plain = read(&name)?;
                let etag = format!("\"{}\"", STANDARD.encode(Sha256::digest(&plain)));
                let file = File {
                    content_type: content_type(&name),
                    etag: HeaderValue::try_from(etag).ok()?,
                    brotli: read(&format!("{name}.br")),
                    gzip: read(&format!("{name}.gz")),
                    plain,
                };
                Some((format!("/{name}"), file))
            })
            .collect();
        let entry = read("manifest.json").and_then(|json| match serde_json::from_slice(&json) {
            Ok(entry) => Some(entry),
            Err(error) => {
                tracing::error!(%error, "the site's manifest does not read; pages are without scripts");
                None
            }
        });
        Self { files, entry }
    }
}

impl File {
    fn answer(&self, request: &HeaderMap, immutable: bool) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let keep = if immutable { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        // Public code without credentials: any page may load it.
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if request.get(header::IF_NONE_MATCH) == Some(&self.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        let (encoding, bytes) = self.pick(request);
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.token()));
        }
        (headers, bytes.clone()).into_response()
    }

    fn pick(&self, request: &HeaderMap) -> (Option<Encoding>, &Bytes) {
        let wanted = |encoding| accepted(request, encoding);
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if wanted(Encoding::Brotli) => (Some(Encoding::Brotli), brotli),
            (_, Some(gzip)) if wanted(Encoding::Gzip) => (Some(Encoding::Gzip), gzip),
            _ => (None, &self.plain),
        }
    }
}

/// By the name's ending; `application/wasm` is what lets a browser compile while it downloads.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "ts") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
