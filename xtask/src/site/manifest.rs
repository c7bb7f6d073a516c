//! The list of the site's files that the server reads to serve them and to render pages around them.
//! Its shape is a promise to the server's build; it knows nothing of how files are made.

use std::fs;

use serde_json::{Map, Value, json};

use super::files::{File, Kind, Role};
use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
};

pub(crate) const NAME: &str = "manifest.json";

/// A file as the manifest tells of it.
#[derive(Debug)]
pub(crate) struct SiteFile {
    pub(crate) url: String,
    /// Whether the hosted page fetches it.
    pub(crate) page: bool,
    /// Whether an embed does.
    pub(crate) embed: bool,
    /// Whether one does that is to become the recipient's.
    pub(crate) embed_recipient: bool,
    pub(crate) bytes: u64,
    brotli: Option<u64>,
}

impl SiteFile {
    pub(crate) fn kind(&self) -> Kind {
        Kind::of(&self.url)
    }

    /// What crosses the wire to a browser of today.
    pub(crate) fn wire_bytes(&self) -> u64 {
        self.brotli.unwrap_or(self.bytes)
    }
}

/// ```json
/// { "boot": "/assets/….js", "js": "/assets/….js", "wasm": "/assets/….wasm", "css": "/assets/….css",
///   "embed": { "js": "/assets/embed.….js", "wasm": "/assets/embed.….wasm" },
///   "embedRecipient": { "js": "/assets/embed-recipient.….js", "wasm": "/assets/embed-recipient.….wasm" },
///   "words": { "en": "/assets/words.en.….txt", … },
///   "files": { "/assets/….js": { "type": "text/javascript; charset=utf-8", "integrity": "sha384-…",
///     "immutable": true, "page": true, "embed": false, "embedRecipient": false, "bytes": 8123,
///     "brotli": 2975, "gzip": 3300 } } }
/// ```
/// `boot` is the page's module script and `js` the glue: one file, named for both uses. `embed` has the
/// same two for a page in a frame, `embedRecipient` for one that is to become the recipient's. `brotli` and
/// `gzip` are null where there is no sibling. In a file, `page`, `embed` and `embedRecipient` mark what each of
/// them fetches.
pub(crate) fn render(files: &[File]) -> String {
    let url = |file: &File| format!("/{}", file.path);
    let only = |role| files.iter().find(|file| file.role == role).map(url);
    let entries: Map<String, Value> = files.iter().map(|file| (url(file), entry(file))).collect();
    let words: Map<String, Value> =
        files.iter().filter_map(|file| Some((file.language()?.to_owned(), url(file).into()))).collect();
    let manifest = json!({
        "boot": only(Role::Script),
        "js": only(Role::Script),
        "wasm": only(Role::Module),
        "css": only(Role::Style),
        "embed": { "js": only(Role::EmbedScript), "wasm": only(Role::EmbedModule) },
        "embedRecipient": {
            "js": only(Role::EmbedRecipientScript),
            "wasm": only(Role::EmbedRecipientModule),
        },
        "words": words,
        "files": entries,
    });
    format!("{manifest:#}\n")
}

/// The files of the site as it was last built.
pub(crate) fn read(project: &Project) -> Outcome<Vec<SiteFile>> {
    let path = project.site().join(NAME);
    let text = fs::read_to_string(&path)
        .about("read", &path)
        .map_err(|failure| failure.mend("`cargo xtask dist`"))?;
    parse(&text).ok_or_else(|| {
        Failure::new(format!("{} is not in the shape we write", path.display())).mend("`cargo xtask dist`")
    })
}

fn parse(text: &str) -> Option<Vec<SiteFile>> {
    let manifest: Value = serde_json::from_str(text).ok()?;
    let files = manifest.get("files")?.as_object()?.iter();
    files
        .map(|(url, file)| {
            Some(SiteFile {
                url: url.clone(),
                page: file.get("page")?.as_bool()?,
                embed: file.get("embed")?.as_bool()?,
                embed_recipient: file.get("embedRecipient")?.as_bool()?,
                bytes: file.get("bytes")?.as_u64()?,
                brotli: file.get("brotli")?.as_u64(),
            })
        })
        .collect()
}

fn entry(file: &File) -> Value {
    json!({
        "type": file.media_type(),
        "integrity": file.integrity(),
        "immutable": file.is_immutable(),
        "page": file.is_loaded_by_page(),
        "embed": file.is_loaded_by_embed(),
        "embedRecipient": file.is_loaded_by_embed_recipient(),
        "bytes": file.bytes.len(),
        "brotli": file.brotli.as_ref().map(Vec::len),
        "gzip": file.gzip.as_ref().map(Vec::len),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_file_and_its_part() {
        let mut script = File::hashed(Role::Script, "js", b"init()".to_vec());
        script.gzip = Some(vec![0; 5]);
        let files = [
            script,
            File::hashed(Role::Module, "wasm", b"\0asm".to_vec()),
            File::hashed(Role::EmbedScript, "js", b"init()".to_vec()),
            File::hashed(Role::Style, "css", b"a{}".to_vec()),
            File::words("de", b"Heute".to_vec()),
            File::public("shop/sample.html".to_owned(), b"<p>".to_vec()),
        ];
        let manifest: Value = serde_json::from_str(&render(&files)).unwrap();

        let script = manifest["js"].as_str().unwrap();
        assert!(script.starts_with("/assets/doorstep-"));
        assert_eq!(manifest["files"][script]["gzip"], 5);
        assert_eq!(manifest["files"][script]["brotli"], Value::Null);
        assert_eq!(manifest["files"][script]["immutable"], true);
        assert_eq!(manifest["boot"], manifest["js"]);
        let css = manifest["css"].as_str().unwrap();
        assert_eq!(manifest["files"][css]["type"], "text/css; charset=utf-8");
        let wasm = manifest["wasm"].as_str().unwrap();
        assert_eq!(manifest["files"][wasm]["type"], "application/wasm");
        let embed = manifest["embed"]["js"].as_str().unwrap();
        assert!(embed.starts_with("/assets/embed.") && embed.ends_with(".js"));
        assert_eq!(manifest["files"][embed]["embed"], true);
        assert_eq!(manifest["embed"]["wasm"], Value::Null);
        assert_eq!(manifest["embedRecipient"]["js"], Value::Null);
        let german = manifest["words"]["de"].as_str().unwrap();
        assert!(german.starts_with("/assets/words.de.") && german.ends_with(".txt"));
        assert_eq!(manifest["files"][german]["immutable"], true);
        assert_eq!(manifest["files"][german]["embedRecipient"], true);
        let sample = &manifest["files"]["/shop/sample.html"];
        assert_eq!(sample["immutable"], false);
        assert_eq!(sample["page"], false);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut script = File::hashed(Role::Script, "js", vec![b'a'; 100]);
        script.brotli = Some(vec![0; 7]);
        let read = parse(&render(&[script])).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read[0].page && !read[0].embed && read[0].bytes == 100 && read[0].wire_bytes() == 7);
        assert_eq!(read[0].kind(), Kind::JavaScript);
        assert!(parse("{}").is_none());
    }
}
