//! Makes the page's files from Trunk's output, `style/` and `public/`: one script, one module, one
//! style, and what is served as it stands.
//! It knows esbuild, and nothing of hashing names into pages or of serving.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    embed,
    files::{File, Kind, Role},
    inline, phone,
    trunk::Artefact,
    words,
};
use crate::{
    failure::{About as _, Failure, Outcome},
    project::Project,
    shell,
};

/// Starts the widget. It imports the glue as "doorstep-widget" and finds the module's address,
/// relative to itself, in `DOORSTEP_WASM`.
const BOOT: &str = "boot.js";

/// Where it starts in a frame; what else it takes lies beside it.
const FRAMED: &str = "embed/framed.js";
const BESIDE: [&str; 2] = ["embed/frame.js", "embed/news.js"];

/// The sample shop, which only the demo serves, under a policy of its own.
const SHOP: &str = "shop/";

/// What every browser understands that runs our wasm.
pub(super) const BROWSERS: &str = "--target=chrome97,firefox102,safari16";

pub(crate) fn page_files(project: &Project) -> Outcome<Vec<File>> {
    let phone = phone::script(project)?;
    let mut files = Vec::new();
    files.extend(widget(project, Artefact::Page, BOOT, [Role::Script, Role::Module], &phone)?);
    let roles = [Role::EmbedScript, Role::EmbedModule];
    let [framed, module] = widget(project, Artefact::Embed, FRAMED, roles, &phone)?;
    let roles = [Role::EmbedRecipientScript, Role::EmbedRecipientModule];
    files.extend(widget(project, Artefact::EmbedRecipient, FRAMED, roles, &phone)?);
    let (style, words) = (style(project)?, words::files(project)?);
    let inline = inline::script(project, &module, &style, &words)?;
    files.extend(embed::files(project, &inline)?);
    files.extend([framed, module, phone, style, inline]);
    files.extend(words);
    public(project, &mut files)?;
    files.push(phone::worker(project, &files)?);
    Ok(files)
}

/// A module, and in one file the script that starts it and wasm-bindgen's glue: one round trip less before
/// the module starts.
fn widget(
    project: &Project,
    artefact: Artefact,
    entry: &str,
    [script, module]: [Role; 2],
    phone: &File,
) -> Outcome<[File; 2]> {
    let wasm = artefact.module(project);
    let module = File::hashed(module, "wasm", fs::read(&wasm).about("read", &wasm)?);
    let bytes = bundled(
        project,
        artefact,
        entry,
        &module,
        &[format!("--define:DOORSTEP_PHONE=\"{}\"", phone.beside())],
    )?;
    Ok([File::hashed(script, "js", bytes), module])
}

/// A script of `public/` with all that it imports, wasm-bindgen's glue as "doorstep-widget", and with further
/// arguments of esbuild.
pub(super) fn bundled(
    project: &Project,
    artefact: Artefact,
    entry: &str,
    module: &File,
    more: &[String],
) -> Outcome<Vec<u8>> {
    let output = artefact.directory(project).join("bundle.js");
    shell::run(
        shell::command(project, "esbuild")
            .arg(project.path("public").join(entry))
            .arg(format!("--alias:doorstep-widget={}", artefact.glue(project).display()))
            .arg(format!("--define:DOORSTEP_WASM=\"{}\"", module.beside()))
            .args(more)
            .args(["--bundle", "--format=esm", "--minify", "--legal-comments=none"])
            .args(["--charset=utf8", "--log-level=warning", BROWSERS])
            .arg(format!("--outfile={}", output.display())),
    )?;
    fs::read(&output).about("read", &output)
}

/// All of `style/`, in the order of file names: tokens come first because their name does.
fn style(project: &Project) -> Outcome<File> {
    let mut sheets: Vec<_> = files_below(&project.path("style"))?
        .into_iter()
        .filter(|path| Kind::of(&path.to_string_lossy()) == Kind::Css)
        .collect();
    sheets.sort();
    let mut text = Vec::new();
    for sheet in &sheets {
        text.extend(fs::read(sheet).about("read", sheet)?);
        text.push(b'\n');
    }
    Ok(File::hashed(Role::Style, "css", minify(project, "css", text, &[])?))
}

fn public(project: &Project, files: &mut Vec<File>) -> Outcome {
    let root = project.path("public");
    for path in files_below(&root)? {
        let below = path.strip_prefix(&root).unwrap_or(&path);
        let name = below.to_string_lossy().replace('\\', "/");
        let made = embed::is_ours(&name) || inline::is_ours(&name) || phone::is_ours(&name);
        let bundled = [BOOT, FRAMED].contains(&name.as_str()) || BESIDE.contains(&name.as_str());
        if made || bundled || name.starts_with(SHOP) {
            continue;
        }
        if name == super::manifest::NAME || name.starts_with("assets/") {
            return Err(Failure::new(format!("public/{name} would replace a built file"))
                .mend("give it another name"));
        }
        let bytes = fs::read(&path).about("read", &path)?;
        let bytes = match Kind::of(&name) {
            Kind::JavaScript if embed::is_released(&name) => bytes,
            Kind::JavaScript => minify_with(project, bytes, &[])?,
            Kind::Css => minify(project, "css", bytes, &[])?,
            Kind::Wasm | Kind::Html | Kind::Words | Kind::Other => bytes,
        };
        files.push(File::public(name, bytes));
    }
    Ok(())
}

/// A script, with further arguments of esbuild.
pub(super) fn minify_with(project: &Project, text: Vec<u8>, more: &[String]) -> Outcome<Vec<u8>> {
    minify(project, "js", text, more)
}

pub(super) fn minify(project: &Project, loader: &str, text: Vec<u8>, more: &[String]) -> Outcome<Vec<u8>> {
    shell::filter(
        shell::command(project, "esbuild")
            .arg(format!("--loader={loader}"))
            .args(more)
            .args(["--minify", "--legal-comments=none", "--charset=utf8"])
            .args(["--log-level=warning", BROWSERS]),
        text,
    )
}

/// Every file below a directory, in a stable order; none where there is no directory.
pub(super) fn files_below(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !directory.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(directory).about("read", directory)? {
        let path = entry.about("read", directory)?.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
