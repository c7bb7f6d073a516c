//! Remembers from which inputs a directory was made, so that nothing is made twice.
//! It reads contents, not times: a fresh clone and a branch switch both touch every file.

use std::{fs, io, path::Path};

use sha2::{Digest as _, Sha256};

use crate::{
    failure::{About as _, Outcome},
    project::Project,
};

const NAME: &str = ".made-from";

/// One digest over files and whole directories; paths that do not exist count as empty.
pub(crate) fn hash(project: &Project, inputs: &[&str]) -> Outcome<String> {
    let mut hasher = Sha256::new();
    for input in inputs {
        let path = project.path(input);
        add(&mut hasher, input, &path).about("read", &path)?;
    }
    Ok(super::files::hexadecimal(&hasher.finalize()))
}

/// Whether the directory was made from just these inputs.
pub(crate) fn holds(directory: &Path, stamp: &str) -> bool {
    fs::read_to_string(directory.join(NAME)).is_ok_and(|found| found == stamp)
}

pub(crate) fn set(directory: &Path, stamp: &str) -> Outcome {
    let path = directory.join(NAME);
    fs::write(&path, stamp).about("write", &path)
}

fn add(hasher: &mut Sha256, name: &str, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            add(hasher, &below, &entry.path())?;
        }
    } else if path.exists() {
        let bytes = fs::read(path)?;
        // Lengths keep two files from looking like one with both contents.
        hasher.update(format!("{name}\0{}\0", bytes.len()));
        hasher.update(&bytes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(directory: &Path) -> Vec<u8> {
        let mut hasher = Sha256::new();
        add(&mut hasher, "in", directory).unwrap();
        hasher.finalize().to_vec()
    }

    #[test]
    fn any_change_of_name_or_content_shows() {
        let directory = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        fs::create_dir_all(directory.join("deep")).unwrap();
        fs::write(directory.join("deep/a"), "1").unwrap();
        let first = digest(&directory);
        assert_eq!(first, digest(&directory));
        fs::write(directory.join("deep/a"), "2").unwrap();
        let second = digest(&directory);
        assert_ne!(first, second);
        fs::rename(directory.join("deep/a"), directory.join("deep/b")).unwrap();
        assert_ne!(second, digest(&directory));

        assert!(!holds(&directory, "x"));
        set(&directory, "x").unwrap();
        assert!(holds(&directory, "x") && !holds(&directory, "y"));
        fs::remove_dir_all(&directory).unwrap();
    }
}
