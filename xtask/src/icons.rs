//! Draws the icons of the installed page from `public/favicon.svg`, by a browser, into `public/icons`. They are
//! committed, so that a build needs no browser; whoever changes the drawing runs this once. Knows nothing of
//! the manifest that names them.

use std::fs;

use crate::{
    failure::{About as _, Outcome},
    progress,
    project::Project,
    shell, tools,
    tools::Group,
};

/// One icon.
struct Icon {
    name: &'static str,
    /// Pixels on a side.
    size: u32,
    /// How much of the side the drawing takes. Where that is not all, its ground fills the rest: systems cut
    /// such an icon to a shape of their own, and keep what stands in the middle four fifths.
    share: u32,
}

const ICONS: [Icon; 4] = [
    Icon { name: "192.png", size: 192, share: 100 },
    Icon { name: "512.png", size: 512, share: 100 },
    Icon { name: "maskable-512.png", size: 512, share: 88 },
    Icon { name: "apple-touch-180.png", size: 180, share: 94 },
];

/// The drawing's own ground.
const GROUND: &str = "#0b6b57";

/// Draws all of them.
pub(crate) fn draw(project: &Project) -> Outcome {
    tools::ensure(project, &[Group::Browser])?;
    let drawing = project.path("public/favicon.svg");
    let svg = fs::read_to_string(&drawing).about("read", &drawing)?;
    let (icons, work) = (project.path("public/icons"), project.target().join("icons"));
    for folder in [&icons, &work] {
        fs::create_dir_all(folder).about("make", folder)?;
    }
    for icon in &ICONS {
        let page = work.join("icon.html");
        fs::write(&page, document(&svg, icon)).about("write", &page)?;
        let picture = icons.join(icon.name);
        progress::step(&format!("draw public/icons/{}", icon.name), || {
            shell::run(
                shell::command(project, "chromium")
                    .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
                    .args(["--default-background-color=00000000", "--log-level=3"])
                    .arg(format!("--window-size={0},{0}", icon.size))
                    .arg(format!("--user-data-dir={}", work.join("profile").display()))
                    .arg(format!("--screenshot={}", picture.display()))
                    .arg(format!("file://{}", page.display())),
            )
        })?;
    }
    Ok(())
}

fn document(svg: &str, icon: &Icon) -> String {
    let ground = if icon.share == 100 { "transparent" } else { GROUND };
    let side = f64::from(icon.size * icon.share) / 100.0;
    let margin = (f64::from(icon.size) - side) / 2.0;
    format!(
        "<!doctype html><style>body{{margin:0;background:{ground}}}\
         svg{{position:absolute;inset:{margin}px;width:{side}px;height:{side}px}}</style>{svg}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_to_a_shape_is_filled_to_its_edge() {
        let [plain, _, cut, _] = &ICONS;
        assert!(document("<svg/>", plain).contains("background:transparent"));
        let cut = document("<svg/>", cut);
        assert!(cut.contains(GROUND) && cut.contains("inset:30.72px;width:450.56px"), "{cut}");
    }
}
