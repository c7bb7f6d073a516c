//! The list of the site's files that the server reads to serve them and to render pages around them.
//! Its shape is a promise to the server's build; it knows nothing of how files are made.

use serde_json::{Map, Value, json};

use super::files::{File, Role};

pub(crate) const NAME: &str = "manifest.json";

/// ```json
/// { "js": "/assets/….js", "wasm": "/assets/….wasm", "css": ["/assets/….css"],
///   "files": { "/assets/….js": { "type": "text/javascript; charset=utf-8", "integrity": "sha384-…",
///     "immutable": true, "page": true, "bytes": 8123, "brotli": 2975, "gzip": 3300 } } }
/// ```
/// `brotli` and `gzip` are null where there is no sibling. `page` marks what the hosted page fetches.
pub(crate) fn render(files: &[File]) -> String {
    let with = |role| move |file: &&File| file.role == role;
    let url = |file: &File| format!("/{}", file.path);
    let entries: Map<String, Value> = files.iter().map(|file| (url(file), entry(file))).collect();
    let manifest = json!({
        "js": files.iter().find(with(Role::Script)).map(url),
        "wasm": files.iter().find(with(Role::Module)).map(url),
        "css": files.iter().filter(with(Role::Style)).map(url).collect::<Vec<_>>(),
        "files": entries,
    });
    format!("{manifest:#}\n")
}

fn entry(file: &File) -> Value {
    json!({
        "type": file.media_type(),
        "integrity": file.integrity(),
        "immutable": file.is_immutable(),
        "page": file.is_loaded_by_page(),
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
            File::hashed(Role::Style, "css", b"a{}".to_vec()),
            File::public("shop/sample.html".to_owned(), b"<p>".to_vec()),
        ];
        let manifest: Value = serde_json::from_str(&render(&files)).unwrap();

        let script = manifest["js"].as_str().unwrap();
        assert!(script.starts_with("/assets/doorstep-"));
        assert_eq!(manifest["files"][script]["gzip"], 5);
        assert_eq!(manifest["files"][script]["brotli"], Value::Null);
        assert_eq!(manifest["files"][script]["immutable"], true);
        assert_eq!(manifest["css"].as_array().unwrap().len(), 1);
        let wasm = manifest["wasm"].as_str().unwrap();
        assert_eq!(manifest["files"][wasm]["type"], "application/wasm");
        let sample = &manifest["files"]["/shop/sample.html"];
        assert_eq!(sample["immutable"], false);
        assert_eq!(sample["page"], false);
    }
}
