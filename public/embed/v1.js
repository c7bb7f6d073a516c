// <doorstep-tracker>: shows where a delivery stands, in a frame of this script's origin or, where the host
// wants it and nothing is personal, in the page itself (inline.js, loaded when it is needed). All that a host
// page needs; docs/EMBEDDING.md tells how, v1.d.ts what it takes. Nothing of the host is touched but this
// element: no globals, head, history, links or storage, and nothing stays behind when it goes.
// xtask fills in DOORSTEP_WORDS from locales/ and where DOORSTEP_INLINE is.

/** Of every message between host and frame. */
const VERSION = 1;
/** How near the viewport it has to come before anything is fetched. */
const NEAR = "300px";
/** How long after it has loaded a frame may stay silent, in milliseconds. */
const PATIENCE = 10000;

const base = import.meta.url;
const origin = new URL(base).origin;
const words = DOORSTEP_WORDS;

// No <style>, which a strict policy of the host would refuse. What matters to the layout stands on elements
// that the host's style sheets cannot reach.
const STYLE = `:host{display:block}:host([hidden]){display:none}
.box{position:relative;height:var(--doorstep-height,40rem);overflow:hidden;border-radius:var(--doorstep-radius,0)}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;color-scheme:auto;opacity:0}
.shown iframe{opacity:1}
.shown slot,.shown .word{display:none}
i{position:absolute;bottom:0;height:1px;width:1px}
p{margin:0}`;
let sheet;

const upgraded = ["trackingId", "mode", "locale", "theme", "height", "token", "getToken"];

class DoorstepTracker extends HTMLElement {
  static observedAttributes = ["tracking-id", "mode", "locale", "theme", "height"];

  #box = document.createElement("div");
  #said = document.createElement("p");
  #end = document.createElement("i");
  #loading = false;
  #inline;
  #frame;
  #port;
  #wanted = 0;
  #height = 0;
  #silence;
  #token;
  #getToken;
  #round = 0;

  // Tells when it comes near the viewport.
  #near = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#load(), { rootMargin: NEAR });
  // Tells when what follows it comes into sight and goes.
  #below = new IntersectionObserver(() => this.#fit());

  constructor() {
    super();
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#box.className = "box";
    this.#box.part = "box";
    this.#said.part = "status";
    this.#said.className = "word";
    this.#said.setAttribute("role", "status");
    this.#box.append(this.#said, document.createElement("slot"), this.#end);
    root.append(this.#box);
  }

  connectedCallback() {
    // A host may have set properties before this script was there.
    for (const name of upgraded) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#reserve();
    this.#near.observe(this);
  }

  disconnectedCallback() {
    this.#unload();
    this.#near.disconnect();
  }

  // Moved by moveBefore(), which keeps the frame alive.
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "height") this.#reserve();
    else if (name === "theme") this.#dress();
    else this.#again();
  }

  get trackingId() { return this.getAttribute("tracking-id") ?? ""; }
  set trackingId(value) { this.setAttribute("tracking-id", value); }
  get mode() { return this.getAttribute("mode") ?? "frame"; }
  set mode(value) { this.setAttribute("mode", value); }
  get locale() { return this.getAttribute("locale") ?? this.closest("[lang]")?.lang ?? ""; }
  set locale(value) { this.setAttribute("locale", value); }
  get theme() { return this.getAttribute("theme") ?? "auto"; }
  set theme(value) { this.setAttribute("theme", value); }
  get height() { return this.getAttribute("height") ?? ""; }
  set height(value) { this.setAttribute("height", value); }
  set token(value) { this.#token = value; this.#again(); }
  set getToken(value) { this.#getToken = value; this.#again(); }

  get #looks() {
    const style = getComputedStyle(this);
    const look = (name) => style.getPropertyValue("--doorstep-" + name).trim();
    return { theme: this.theme, looks: { accent: look("accent"), font: look("font") } };
  }

  get #words() {
    const tag = (this.locale || navigator.language).replaceAll("_", "-").toLowerCase();
    const of = (fits) => words[Object.keys(words).find((name) => fits(name.toLowerCase()))];
    return { ...words.en, ...of((name) => name.split("-")[0] === tag.split("-")[0]), ...of((name) => name === tag) };
  }

  #reserve() {
    this.#wanted = 0;
    this.#size(Number.parseInt(this.height, 10) || 0);
  }

  #size(pixels) {
    this.#height = pixels;
    this.#box.style.height = pixels ? `${pixels}px` : "";
  }

  // What stands below it never moves while somebody sees it, unless they have just acted in it:
  // until then it scrolls inside.
  #fit(acted) {
    const wanted = this.#wanted;
    if (!wanted || wanted === this.#height || !this.#loading) return;
    const { top, bottom } = this.#box.getBoundingClientRect();
    if (acted || Math.min(bottom, top + wanted) >= innerHeight) this.#size(wanted);
  }

  #load() {
    if (this.#loading || !this.trackingId) return;
    this.#loading = true;
    this.#near.disconnect();
    this.#below.observe(this.#end);
    this.#said.textContent = this.#words.loading;
    // What is somebody's own stays out of the host's page: its other scripts could read it there.
    if (this.mode === "inline" && !this.#token && !this.#getToken) this.#open();
    else this.#embed();
  }

  async #open() {
    const round = this.#round;
    const isNow = () => round === this.#round;
    const tell = (message) => isNow() && this.#hear(message);
    try {
      const { show } = await import(new URL(DOORSTEP_INLINE, base));
      const inline = isNow() && (await show(this.#box, this, tell, () => this.#again()));
      // The host may have changed the theme meanwhile.
      if (isNow()) (this.#inline = inline)?.theme(this.theme);
      else inline?.unmount?.();
    } catch {
      // The host's policy or browser lets it not run, or something of it did not arrive.
      if (isNow()) this.#embed();
    }
  }

  #embed() {
    const address = new URL(encodeURIComponent(this.trackingId), base);
    address.searchParams.set("lang", this.locale);
    address.searchParams.set("theme", this.theme);
    if (this.#token || this.#getToken) address.searchParams.set("as", "recipient");
    const frame = (this.#frame = document.createElement("iframe"));
    frame.src = address;
    frame.title = this.#words.title;
    frame.part = "frame";
    frame.allow = "clipboard-write; web-share";
    frame.referrerPolicy = "no-referrer";
    frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
    // A frame that the host's or our policy refuses says that it has loaded, and no more.
    frame.addEventListener("load", () => {
      clearTimeout(this.#silence);
      if (!this.#port) this.#silence = setTimeout(() => this.#fail("unreachable"), PATIENCE);
    });
    addEventListener("message", this.#hello);
    this.#box.append(frame);
  }

  #unload() {
    this.#round += 1;
    this.#loading = false;
    removeEventListener("message", this.#hello);
    clearTimeout(this.#silence);
    this.#below.disconnect();
    this.#port?.close();
    this.#frame?.remove();
    this.#inline?.unmount();
    this.#port = this.#frame = this.#inline = undefined;
    this.#box.classList.remove("shown");
    this.#said.textContent = "";
  }

  #again() {
    if (this.#loading) this.#unload();
    if (!this.isConnected) return;
    // It tells of changes only: begun anew, it tells where the tag stands.
    this.#near.disconnect();
    this.#near.observe(this);
  }

  // The frame begins; it is known by its window and its origin, and answered to that origin only.
  #hello = ({ source, origin: from, data }) => {
    if (source !== this.#frame?.contentWindow || from !== origin || data?.doorstep !== VERSION) return;
    clearTimeout(this.#silence);
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => data.v === VERSION && this.#hear(data);
    source.postMessage({ doorstep: VERSION, ...this.#looks }, origin, [port2]);
  };

  #hear({ type, detail, height, acted }) {
    if (type === "size") {
      this.#wanted = Math.ceil(height);
      this.#fit(acted);
    } else if (type === "token") {
      this.#answer();
    } else {
      // The first that it tells is that it is ready, or why there is nothing to show but a notice.
      this.#box.classList.add("shown");
      this.#said.textContent = "";
      this.#emit(type, detail);
    }
  }

  async #answer() {
    const round = this.#round;
    let token = this.#token;
    try {
      token = (await this.#getToken?.()) ?? token;
    } catch {
      this.#emit("error", { reason: "token" });
    }
    // It may have gone, or be about another delivery, since.
    if (round === this.#round) this.#tell({ type: "token", token: token ?? null });
  }

  #dress() {
    this.#inline?.theme(this.theme);
    this.#tell({ type: "theme", ...this.#looks });
  }

  #tell(message) {
    this.#port?.postMessage({ v: VERSION, ...message });
  }

  #fail(reason) {
    this.#said.textContent = this.#words.failed;
    this.#emit("error", { reason });
  }

  // An `error` stays here: bubbling to the window it would be taken for one of the host's scripts.
  #emit(type, detail) {
    const own = type === "error";
    this.dispatchEvent(new CustomEvent(type, { bubbles: !own, composed: !own, detail }));
  }
}

// Where another copy was faster, or the browser is too old, what stands in the element stays as it is.
if (!customElements.get("doorstep-tracker") && document.adoptedStyleSheets) {
  customElements.define("doorstep-tracker", DoorstepTracker);
}
