//! Reads versions out of Cargo.lock.
//! It knows the file's shape and nothing of what the versions are for.

use std::fs;

use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
};

/// The version of a package that the workspace is locked to.
pub(crate) fn version_in(project: &Project, package: &str) -> Outcome<String> {
    let path = project.path("Cargo.lock");
    let text = fs::read_to_string(&path).about("read", &path)?;
    version_of(&text, package)
}

/// An error where the package is absent or locked to several versions, as no tool could match both.
pub(crate) fn version_of(lock: &str, package: &str) -> Outcome<String> {
    let lock: toml::Table =
        toml::from_str(lock).map_err(|error| Failure::new(format!("Cargo.lock does not parse: {error}")))?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let mut versions = packages
        .into_iter()
        .flatten()
        .filter(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))
        .filter_map(|entry| entry.get("version").and_then(toml::Value::as_str));
    match (versions.next(), versions.next()) {
        (Some(only), None) => Ok(only.to_owned()),
        (None, _) => {
            Err(Failure::new(format!("Cargo.lock holds no {package}")).mend("`cargo generate-lockfile`"))
        }
        (Some(one), Some(other)) => {
            Err(Failure::new(format!("Cargo.lock holds {package} twice, {one} and {other}"))
                .mend(format!("`cargo tree --invert {package}` shows who asks for which")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4
[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
[[package]]
name = "wasm-bindgen-macro"
version = "0.2.129"
[[package]]
name = "gloo"
version = "0.6.0"
[[package]]
name = "gloo"
version = "0.7.0"
"#;

    #[test]
    fn finds_the_exact_package() {
        assert_eq!(version_of(LOCK, "wasm-bindgen").unwrap(), "0.2.130");
    }

    #[test]
    fn absent_double_and_broken_are_errors() {
        assert!(version_of(LOCK, "axum").is_err());
        let double = version_of(LOCK, "gloo").unwrap_err().to_string();
        assert!(double.contains("0.6.0 and 0.7.0"), "{double}");
        assert!(version_of("= nonsense", "gloo").is_err());
    }
}
