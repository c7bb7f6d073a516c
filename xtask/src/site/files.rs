//! One file of the site: where it is served, what it is, and its compressed siblings.
//! It knows nothing of how the file came to be.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha384};

use super::compress::{self, Effort};
use crate::failure::{About as _, Outcome};

/// What a file is, as budgets and the manifest tell files apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Wasm,
    JavaScript,
    Css,
    Html,
    /// What the widget says, in one language.
    Words,
    Other,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Wasm, Self::JavaScript, Self::Css, Self::Html, Self::Words, Self::Other];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::JavaScript => "javascript",
            Self::Css => "css",
            Self::Html => "html",
            Self::Words => "words",
            Self::Other => "other",
        }
    }

    pub(crate) fn of(path: &str) -> Self {
        match extension(path) {
            "wasm" => Self::Wasm,
            "js" | "mjs" => Self::JavaScript,
            "css" => Self::Css,
            "html" => Self::Html,
            "txt" if path.contains(WORDS) => Self::Words,
            _ => Self::Other,
        }
    }
}

/// How the files of words are called.
const WORDS: &str = "assets/words.";

/// What part a file plays in the hosted page, or in one that stands in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one module script.
    Script,
    /// The module the script starts.
    Module,
    /// The page's style.
    Style,
    /// What the widget says in one language.
    Words,
    /// The same for what is embedded: the one script, and the module that it starts.
    EmbedScript,
    EmbedModule,
    /// And for an embed that is to become the recipient's.
    EmbedRecipientScript,
    EmbedRecipientModule,
    /// The script that the page loads once it is live.
    Phone,
    /// The script that starts the same module in somebody else's page itself.
    Inline,
    /// What other people's pages load, under a name that changes with its content.
    Versioned,
    /// Served as it stands, under its own name.
    Public,
}

/// A file as the server will serve it.
#[derive(Debug)]
pub(crate) struct File {
    /// From the site's root: "assets/doorstep-0123456789ab.js".
    pub(crate) path: String,
    pub(crate) role: Role,
    pub(crate) bytes: Vec<u8>,
    pub(crate) brotli: Option<Vec<u8>>,
    pub(crate) gzip: Option<Vec<u8>>,
}

impl File {
    /// A file whose name changes with its content, so that browsers may keep it for ever.
    pub(crate) fn hashed(role: Role, extension: &str, bytes: Vec<u8>) -> Self {
        let digest = hexadecimal(&Sha384::digest(&bytes));
        let short: String = digest.chars().take(12).collect();
        let name = match role {
            Role::EmbedScript | Role::EmbedModule => "embed.",
            Role::EmbedRecipientScript | Role::EmbedRecipientModule => "embed-recipient.",
            Role::Inline => "inline.",
            _ => "doorstep-",
        };
        Self::new(role, format!("assets/{name}{short}.{extension}"), bytes)
    }

    /// The same for a name that is a promise to others: `embed/v1` becomes `embed/v1.0123456789ab.js`.
    pub(crate) fn versioned(name: &str, extension: &str, bytes: Vec<u8>) -> Self {
        let digest = hexadecimal(&Sha384::digest(&bytes));
        let short: String = digest.chars().take(12).collect();
        Self::new(Role::Versioned, format!("{name}.{short}.{extension}"), bytes)
    }

    /// The words of one language.
    pub(crate) fn words(tag: &str, bytes: Vec<u8>) -> Self {
        Self { role: Role::Words, ..Self::versioned(&format!("{WORDS}{tag}"), "txt", bytes) }
    }

    /// Of which language it is the words.
    pub(crate) fn language(&self) -> Option<&str> {
        self.path.strip_prefix(WORDS)?.split('.').next()
    }

    /// A file that keeps its name.
    pub(crate) fn public(path: String, bytes: Vec<u8>) -> Self {
        Self::new(Role::Public, path, bytes)
    }

    fn new(role: Role, path: String, bytes: Vec<u8>) -> Self {
        Self { path, role, bytes, brotli: None, gzip: None }
    }

    /// Its address for a file in the same folder.
    pub(crate) fn beside(&self) -> String {
        format!("./{}", self.path.rsplit('/').next().unwrap_or_default())
    }

    pub(crate) fn is_immutable(&self) -> bool {
        self.role != Role::Public
    }

    /// What the hosted page fetches on its first visit, by itself.
    pub(crate) fn is_loaded_by_page(&self) -> bool {
        matches!(self.role, Role::Script | Role::Module | Role::Style | Role::Words)
            || self.path.starts_with("favicon.")
            || extension(&self.path) == "webmanifest"
    }

    /// What one embed fetches besides the tag's script and its frame's HTML.
    pub(crate) fn is_loaded_by_embed(&self) -> bool {
        matches!(self.role, Role::EmbedScript | Role::EmbedModule | Role::Style | Role::Words)
    }

    /// The same of an embed that is to become the recipient's.
    pub(crate) fn is_loaded_by_embed_recipient(&self) -> bool {
        use Role::{EmbedRecipientModule, EmbedRecipientScript, Style, Words};
        matches!(self.role, EmbedRecipientScript | EmbedRecipientModule | Style | Words)
    }

    /// The value of an `integrity` attribute; also fits a CSP hash source.
    pub(crate) fn integrity(&self) -> String {
        format!("sha384-{}", base64(&Sha384::digest(&self.bytes)))
    }

    pub(crate) fn media_type(&self) -> &'static str {
        match extension(&self.path) {
            "wasm" => "application/wasm",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "json" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "webp" => "image/webp",
            "ico" => "image/x-icon",
            "txt" | "ts" => "text/plain; charset=utf-8",
            "woff2" => "font/woff2",
            _ => "application/octet-stream",
        }
    }

    /// Keeps a sibling only where it is smaller: a photo does not shrink.
    pub(crate) fn compress(&mut self, effort: Effort) -> Outcome {
        if effort == Effort::None {
            return Ok(());
        }
        let path = PathBuf::from(&self.path);
        let size = self.bytes.len();
        let smaller = |bytes: Vec<u8>| Some(bytes).filter(|bytes| bytes.len() < size);
        self.brotli = smaller(compress::brotli(&self.bytes).about("compress", &path)?);
        self.gzip = smaller(compress::gzip(&self.bytes).about("compress", &path)?);
        Ok(())
    }

    pub(crate) fn write_below(&self, root: &Path) -> Outcome {
        let path = root.join(&self.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).about("create", parent)?;
        }
        fs::write(&path, &self.bytes).about("write", &path)?;
        for (ending, bytes) in [("br", &self.brotli), ("gz", &self.gzip)] {
            if let Some(bytes) = bytes {
                let sibling = root.join(format!("{}.{ending}", self.path));
                fs::write(&sibling, bytes).about("write", &sibling)?;
            }
        }
        Ok(())
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Digests come in multiples of three bytes, so there is no padding to think of.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    debug_assert!(bytes.len().is_multiple_of(3));
    let mut text = String::with_capacity(bytes.len() / 3 * 4);
    for triple in bytes.chunks_exact(3) {
        let bits = triple.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        for shift in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(bits >> shift & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_what_browsers_compute() {
        // `printf abc | openssl dgst -sha384 -binary | base64`
        let file = File::public("a.txt".to_owned(), b"abc".to_vec());
        assert_eq!(
            file.integrity(),
            "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn"
        );
    }

    #[test]
    fn names_follow_content() {
        let one = File::hashed(Role::Script, "js", b"1".to_vec());
        let two = File::hashed(Role::Script, "js", b"2".to_vec());
        assert_ne!(one.path, two.path);
        assert!(one.path.starts_with("assets/doorstep-") && one.path.ends_with(".js"));
        assert!(one.is_immutable());
        let embed = File::hashed(Role::EmbedModule, "wasm", b"1".to_vec());
        assert!(embed.path.starts_with("assets/embed.") && embed.is_loaded_by_embed());
        assert!(!embed.is_loaded_by_page() && !one.is_loaded_by_embed());
    }

    #[test]
    fn incompressible_files_have_no_siblings() {
        let mut tiny = File::public("a.png".to_owned(), vec![7]);
        tiny.compress(Effort::Most).unwrap();
        assert!(tiny.brotli.is_none() && tiny.gzip.is_none());
    }

    #[test]
    fn kinds_follow_the_last_dot_of_the_name() {
        assert_eq!(Kind::of("a.b/c_bg.wasm"), Kind::Wasm);
        assert_eq!(Kind::of("a.js/LICENSE"), Kind::Other);
        assert_eq!(Kind::of("robots.txt"), Kind::Other);
    }

    #[test]
    fn words_say_their_language() {
        let words = File::words("pt-BR", b"sim".to_vec());
        assert_eq!(words.language(), Some("pt-BR"));
        assert!(words.is_immutable() && words.is_loaded_by_page());
        assert_eq!(Kind::of(&words.path), Kind::Words);
    }
}
