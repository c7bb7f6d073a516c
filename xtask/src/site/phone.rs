//! Makes what the page loads once it is live, for its habits on a phone, and the service worker, which names
//! the files that it keeps. It knows esbuild and the catalogue's order, and nothing of what the scripts do.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha384};

use super::{
    bundle::BROWSERS,
    files::{File, Role, hexadecimal},
    words,
};
use crate::{failure::Outcome, project::Project, shell};

/// Below `public/`, as the other names here.
const FOLDER: &str = "phone/";
const START: &str = "phone/start.js";
const WORKER: &str = "phone/worker.js";

/// Where it is served: a worker serves what lies beside and below it.
const SERVED: &str = "worker.js";

/// The words that the scripts say themselves.
const WORDS: &str = "phone.";

/// Whether a file of `public/` is one of those that are bundled here.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with(FOLDER)
}

/// What the page loads once it is live.
pub(super) fn script(project: &Project) -> Outcome<File> {
    let lines = lines(&words::keys(project)?);
    let bytes = bundled(project, START, &[format!("DOORSTEP_WORDS={lines}")])?;
    Ok(File::hashed(Role::Phone, "js", bytes))
}

/// The worker of the release that consists of `files`.
pub(super) fn worker(project: &Project, files: &[File]) -> Outcome<File> {
    let kept = |file: &&File| matches!(file.role, Role::Script | Role::Module | Role::Phone);
    let shell: Vec<String> = files.iter().filter(kept).map(|file| format!("/{}", file.path)).collect();
    let release = json!(release(files));
    let defined = [format!("DOORSTEP_FILES={}", json!(shell)), format!("DOORSTEP_RELEASE={release}")];
    Ok(File::public(SERVED.to_owned(), bundled(project, WORKER, &defined)?))
}

/// Another one whenever a file changes, so that browsers take the new worker and it makes its shell anew.
fn release(files: &[File]) -> String {
    let mut names: Vec<&str> =
        files.iter().filter(|file| file.is_immutable()).map(|file| file.path.as_str()).collect();
    names.sort_unstable();
    let digest = hexadecimal(&Sha384::digest(names.join("\n").as_bytes()));
    digest.chars().take(12).collect()
}

/// In which line of the page's words each message stands, by the scripts' name for it: `phone.share_help` is
/// `shareHelp`.
fn lines(keys: &[String]) -> Value {
    let own = keys.iter().enumerate().filter_map(|(line, key)| Some((key.strip_prefix(WORDS)?, line)));
    let camel = |key: &str| {
        let mut parts = key.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |name, part| {
            let (head, tail) = part.split_at(1);
            name + &head.to_uppercase() + tail
        })
    };
    Value::Object(own.map(|(key, line)| (camel(key), json!(line))).collect::<Map<_, _>>())
}

fn bundled(project: &Project, entry: &str, defined: &[String]) -> Outcome<Vec<u8>> {
    shell::filter(
        shell::command(project, "esbuild")
            .arg(project.path("public").join(entry))
            .args(defined.iter().map(|define| format!("--define:{define}")))
            .args(["--bundle", "--minify", "--legal-comments=none", "--charset=utf8"])
            .args(["--loader:.css=text", "--log-level=warning", BROWSERS]),
        Vec::new(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_named_by_its_line() {
        let keys = ["page.name", "phone.share", "phone.share_help"].map(str::to_owned);
        assert_eq!(lines(&keys), json!({"share": 1, "shareHelp": 2}));
    }

    #[test]
    fn a_release_is_another_when_any_of_its_files_is() {
        let of = |style: &[u8], icon: &[u8]| {
            release(&[
                File::hashed(Role::Script, "js", b"init()".to_vec()),
                File::hashed(Role::Style, "css", style.to_vec()),
                File::public("icons/192.png".to_owned(), icon.to_vec()),
            ])
        };
        assert_ne!(of(b"a{}", b"1"), of(b"b{}", b"1"));
        assert_eq!(of(b"a{}", b"1"), of(b"a{}", b"2"), "what keeps its name is asked for anew anyway");
    }
}
