// <doorstep-tracker mode="inline">: the widget in the host's own page, in the tag's shadow root. v1.js loads it
// when it is needed, and shows a frame where it throws or rejects. It shows what everybody may see and has no
// session: whatever stands in a page, that page's other scripts can read.
// xtask bundles this with wasm-bindgen's glue and style/, and fills in the DOORSTEP_ names.
import init, { mount } from "doorstep-widget";
import style from "doorstep-style";
import { News } from "./news.js";

// The smallest module there is: where the host's policy lets none run, nothing more is fetched. To try is the
// only way to know, and the policy reports it, once a page.
new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
if (!CSS.supports("container-type", "inline-size")) throw new Error("this browser measures no containers");

/** After so long an act of the viewer no longer explains that it grew, in milliseconds. */
const ACTED = 1000;

const here = import.meta.url;
const server = new URL(here).origin;
const texts = {};
const shown = new Set();
let running;
let sheet;

// One module for all tags of the page, whatever their languages.
const run = () =>
  (running ??= init({ module_or_path: fetch(new URL(DOORSTEP_WASM, here), { integrity: DOORSTEP_WASM_INTEGRITY }) }));

const words = (language) =>
  (texts[language] ??= fetch(new URL(DOORSTEP_TEXTS[language], here)).then((answer) => {
    if (answer.ok) return answer.text();
    delete texts[language];
    throw new Error(answer.status);
  }));

/** The nearest that we have to the first of `tags` that we have any of, as the server finds it (`server/src/language.rs`). */
const nearest = (tags) => {
  const known = Object.keys(DOORSTEP_TEXTS);
  for (const tag of tags) {
    let locale;
    try {
      locale = new Intl.Locale(tag);
    } catch {
      continue;
    }
    const { language, region } = locale;
    const american = language === "es" && region && !/^(ES|EA|IC|GQ|PH|150)$/.test(region);
    const found = american ? "es-MX" : known.find((name) => name === `${language}-${region}`);
    const near = found ?? known.find((name) => name.split("-")[0] === language);
    if (near) return near;
  }
  return "en";
};

const element = (name, inside) => {
  const made = document.createElement("div");
  made.className = name;
  if (inside) made.append(inside);
  return made;
};

// A module that fails takes all that it shows with it; the tags show frames then. The error is ours, and none
// of the host's.
const failed = (event) => {
  const error = event.error ?? event.reason;
  if (!(error instanceof WebAssembly.RuntimeError) || !error.stack?.includes(here)) return;
  event.preventDefault();
  running = Promise.reject(error);
  running.catch(() => {});
  for (const giveUp of [...shown]) giveUp();
};

const watch = (watches) => {
  const change = watches ? addEventListener : removeEventListener;
  change("error", failed);
  change("unhandledrejection", failed);
};

/**
 * Shows the delivery in `box`, and tells the tag about it. `giveUp` is called where that ends before its time.
 * @returns {Promise<{theme(name: string): void, unmount(): void}>}
 */
export const show = async (box, { trackingId, locale, theme }, tell, giveUp) => {
  const language = nearest([locale.replaceAll("_", "-"), ...navigator.languages]);
  const [text] = await Promise.all([words(language), run()]);

  const place = element("");
  place.id = "doorstep";
  const body = element("body", place);
  const root = element("root", body);
  root.lang = language === "en" ? "en-GB" : language;
  root.dataset.framed = "inline";
  const looks = (name) => (root.dataset.theme = name === "light" || name === "dark" ? name : "auto");
  looks(theme);

  const about = (type, detail) => tell({ type, detail });
  const news = new News(about);
  const told = (json, notice) => {
    // The host's listeners run when the widget has ended what it does.
    queueMicrotask(() => {
      if (!shown.has(giveUp)) return;
      const first = !news.now;
      if (json) {
        news.hear(json);
        if (first && news.now) news.begin();
      } else if (first) {
        about("error", { reason: notice === "not-found" || notice === "offline" ? notice : "unreachable" });
      }
    });
  };

  let acted = -Infinity;
  for (const kind of ["pointerdown", "keydown", "input"]) {
    root.addEventListener(kind, () => (acted = performance.now()), { capture: true, passive: true });
  }
  const fit = () => {
    tell({ type: "size", height: body.offsetHeight, acted: performance.now() - acted < ACTED });
    // What scrolls must be within reach of the keyboard.
    if (body.offsetHeight > root.clientHeight + 1) root.tabIndex = 0;
    else root.removeAttribute("tabindex");
  };
  // Not at once: what changes a size while sizes are told is an error, and the host would hear of it.
  const sizes = new ResizeObserver(() => requestAnimationFrame(fit));

  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(style);
  const shadow = box.getRootNode();
  if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  box.append(root);
  // How large the viewer wants text, whatever the host's own root says of it.
  const medium = getComputedStyle(root).fontSize;
  if (medium !== "16px") root.style.setProperty("--rem", medium);

  let unmount;
  try {
    unmount = mount(place, trackingId, server, language, text, told);
  } catch (error) {
    root.remove();
    throw error;
  }
  if (!shown.size) watch(true);
  shown.add(giveUp);
  sizes.observe(body);
  sizes.observe(root);
  return {
    theme: looks,
    unmount() {
      shown.delete(giveUp);
      if (!shown.size) watch(false);
      sizes.disconnect();
      root.remove();
      try {
        unmount();
      } catch {
        // It had failed before.
      }
    },
  };
};
