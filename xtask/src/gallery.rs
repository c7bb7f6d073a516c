//! Draws every state of the page, in every language of `locales/`, into `target/gallery` with a page that shows
//! them all. The browser's tests know the states; here is only what calls them and lists what they drew.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    dist,
    failure::{About as _, Outcome},
    progress,
    project::Project,
    shell, site,
    site::Recipe,
    tools,
    tools::Group,
};

/// Builds what is drawn, and draws it; `languages`, or English and one that is written from the right.
pub(crate) fn draw(project: &Project, languages: &[String]) -> Outcome {
    tools::ensure(project, &[Group::Build, Group::Browser])?;
    site::build(project, Recipe::Smallest)?;
    dist::server(project, &[])?;
    let folder = project.target().join("gallery");
    if folder.exists() {
        fs::remove_dir_all(&folder).about("remove", &folder)?;
    }
    let usual = ["en", "ar"].map(str::to_owned);
    let chosen = if languages.is_empty() { &usual[..] } else { languages };
    let known = |language: &&String| project.path("locales").join(format!("{language}.json")).is_file();
    for language in chosen.iter().filter(known) {
        progress::step(&format!("draw every state in {language}"), || {
            shell::run(
                dist::cargo(project)
                    .args(["test", "--quiet", "--package", "doorstep-tests", "--test", "browser", "--"])
                    .args(["--ignored", "--exact", "chromium::gallery::draw"])
                    .env("DOORSTEP_BIN", project.server_binary("debug"))
                    .env("DOORSTEP_GALLERY", &folder)
                    .env("DOORSTEP_LANGUAGE", language),
            )
        })?;
    }
    let index = folder.join("index.html");
    fs::write(&index, list(&names(&folder)?)).about("write", &index)?;
    progress::note(&format!("{}", index.display()));
    Ok(())
}

fn names(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).about("read", folder)?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".png"))
        .collect();
    names.sort_unstable();
    Ok(names)
}

/// A section a scene, with all that was drawn of it side by side.
fn list(names: &[String]) -> String {
    let mut scenes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        // language.scene.width.colours.png
        if let Some(scene) = name.split('.').nth(1) {
            scenes.entry(scene).or_default().push(name);
        }
    }
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>Doorstep, every state</title><style>body{font:1rem system-ui}\
         section div{display:flex;gap:1rem;overflow:auto;align-items:start}figure{margin:0}\
         img{border:1px solid;max-height:48rem}</style><h1>Every state of the page</h1>",
    );
    for (scene, pictures) in scenes {
        page.push_str(&format!("<section><h2>{scene}</h2><div>"));
        for name in pictures {
            let caption = name.trim_end_matches(".png");
            page.push_str(&format!(
                "<figure><img src=\"{name}\" alt=\"{caption}\" loading=lazy><figcaption>{caption}</figcaption></figure>"
            ));
        }
        page.push_str("</div></section>");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_one_scene_stand_together() {
        let names =
            ["ar.home.360.dark.png", "en.code.360.light.png", "en.home.360.dark.png"].map(str::to_owned);
        let page = list(&names);
        assert_eq!(page.matches("<section>").count(), 2);
        let home = page.split("<h2>home</h2>").nth(1).unwrap_or_default();
        assert_eq!(home.matches("<img").count(), 2);
    }
}
