// What runs in the frame of <doorstep-tracker> before the widget does: says hello to the host page, gets the
// recipient's token from it where there is one, and carries it in a header of every call, never in an
// address. It stands between the widget and the server, so that it can also tell the host what happened,
// without a word of what is personal. In a page that nobody framed it does nothing.
import { News } from "./news.js";

const VERSION = 1;
/** What a host may choose of the looks, by the property whose values it takes: nothing that a word depends on. */
const LOOKS = { accent: "color", font: "font-family" };
/** How long a host may take to answer, in milliseconds. */
const PATIENCE = 10000;
/** After so long an act of the viewer no longer explains that the page grew, in milliseconds. */
const ACTED = 1000;
/** When a stream that broke is opened again, in milliseconds. */
const RETRY = 3000;

const boot = document.getElementById("doorstep-boot");
const track = "/api/v1/track/" + location.pathname.split("/")[2];
const asked = new URLSearchParams(location.search).get("as") === "recipient";
const plainFetch = fetch;
let port;
let bearer;
let acted = -Infinity;
const tokens = [];

const tell = (type, detail, more) => port?.postMessage({ v: VERSION, type, detail, ...more });

const news = new News(tell);

const done = (method, path, answer) => {
  if (!answer.ok) return;
  if (method === "GET" && (path === track || path === track + "/recipient")) answer.clone().text().then((text) => news.hear(text), () => {});
  if (method === "PUT") tell("instruction-saved", { what: path.split("/").pop() });
  if (method === "POST" && path.endsWith("/code/reveal")) tell("code-revealed", {});
};

// --- the session ---

const askForToken = () =>
  new Promise((answer) => {
    if (!port) return answer();
    tokens.push(answer);
    setTimeout(answer, PATIENCE);
    tell("token");
  });

let entering;
const enter = () => (entering ??= exchange().finally(() => (entering = undefined)));

const exchange = async () => {
  bearer = undefined;
  const token = await askForToken();
  if (!token) return "public";
  try {
    const answer = await plainFetch(track + "/session", {
      method: "POST",
      headers: { "content-type": "application/json", "x-doorstep": "1", "x-doorstep-session": "token" },
      body: JSON.stringify({ token }),
      credentials: "omit",
    });
    if (answer.ok) {
      bearer = (await answer.json()).token;
      return "recipient";
    }
    tell("error", { reason: "session", status: answer.status });
    return answer.status < 429 ? "refused" : "unreached";
  } catch {
    tell("error", { reason: "offline" });
    return "unreached";
  }
};

const send = async (request) => {
  const used = bearer;
  if (used) request.headers.set("authorization", "Bearer " + used);
  const answer = await plainFetch(request);
  // Answers of earlier calls may come later: theirs is not the newest.
  if (bearer === used) bearer = answer.headers.get("x-doorstep-session") ?? bearer;
  return answer;
};

globalThis.fetch = async (...about) => {
  const request = new Request(...about);
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin || !pathname.startsWith(track)) return plainFetch(request);
  // What is sent while a session is being opened waits for it.
  if (entering) await entering;
  const again = bearer && request.clone();
  let answer = await send(request);
  // The session is over; the host may know its customer still.
  if (answer.status === 401 && again && (await enter()) === "recipient") answer = await send(again);
  done(request.method, pathname, answer);
  return answer;
};

// An EventSource cannot send a header. This one reads the same stream by fetch and comes back as a browser's
// does, but where an answer was refused.
class Stream extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;
  readyState = 0;
  #end = new AbortController();
  #last;

  constructor(url) {
    super();
    this.url = new URL(url, location).href;
    this.#keep();
  }

  close() {
    this.readyState = 2;
    this.#end.abort();
  }

  async #keep() {
    for (;;) {
      const refused = await this.#run().catch(() => false);
      if (this.readyState === 2) return;
      this.readyState = refused ? 2 : 0;
      this.dispatchEvent(new Event("error"));
      if (this.readyState === 2) return;
      await new Promise((later) => setTimeout(later, RETRY));
    }
  }

  /** Whether it was refused. */
  async #run() {
    const headers = { accept: "text/event-stream" };
    if (this.#last) headers["last-event-id"] = this.#last;
    const answer = await fetch(this.url, { headers, signal: this.#end.signal, cache: "no-store" });
    if (!answer.ok) return true;
    if (this.readyState === 2) return false;
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) this.#event(event);
    }
  }

  #event(text) {
    let type = "message";
    const data = [];
    for (const line of text.split("\n")) {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name === "event") type = value;
      if (name === "id") this.#last = value;
      if (name === "data") data.push(value);
    }
    if (!data.length || this.readyState !== 1) return;
    if (type === "view") news.hear(data[0]);
    this.dispatchEvent(new MessageEvent(type, { data: data.join("\n") }));
  }
}

// Everybody's view needs no header.
class Plain extends EventSource {
  constructor(url) {
    super(url);
    this.addEventListener("view", ({ data }) => news.hear(data));
  }
}
globalThis.EventSource = asked ? Stream : Plain;

// A picture's own request carries no header either. Where one of the recipient's was refused, it is fetched with it.
const withHeader = async ({ target }) => {
  if (!target.matches?.("img.picture") || !target.src.startsWith(location.origin + track)) return;
  const answer = await fetch(target.src).catch(() => {});
  if (!answer?.ok) return;
  const address = URL.createObjectURL(await answer.blob());
  target.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  target.src = address;
};
if (asked) addEventListener("error", withHeader, true);

// --- the host page ---

const theme = (name) => {
  if (name === "light" || name === "dark") document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
};

const look = (looks) => {
  for (const [name, property] of Object.entries(LOOKS)) {
    const value = looks?.[name];
    // A reference would read what is ours.
    const fits = typeof value === "string" && !/var\(|env\(/i.test(value) && CSS.supports(property, value);
    const { style } = document.documentElement;
    if (fits) style.setProperty("--doorstep-" + name, value);
    else style.removeProperty("--doorstep-" + name);
  }
};

const size = () => {
  const box = document.body.getBoundingClientRect();
  tell("size", undefined, { height: Math.ceil(box.height), acted: performance.now() - acted < ACTED });
};

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, () => (acted = performance.now()), { capture: true, passive: true });
}

/** Asks the host for a channel. Only the page that frames this one is heard; which may, our policy says. */
const meet = () =>
  new Promise((met) => {
    if (parent === window) return met();
    const hear = ({ source, data, ports }) => {
      if (source !== parent || data?.doorstep !== VERSION || !ports[0]) return;
      removeEventListener("message", hear);
      port = ports[0];
      port.onmessage = ({ data }) => {
        if (data?.v !== VERSION) return;
        if (data.type === "theme") {
          theme(data.theme);
          look(data.looks);
        }
        if (data.type === "token") for (const answer of tokens.splice(0)) answer(data.token);
      };
      theme(data.theme);
      look(data.looks);
      met();
    };
    addEventListener("message", hear);
    parent.postMessage({ doorstep: VERSION }, "*");
    setTimeout(met, PATIENCE);
  });

news.hear(document.getElementById("doorstep-view")?.textContent);
const met = meet();
// The boot script waits for this; the public view stands on the page meanwhile.
boot.access = asked ? met.then(enter) : "public";
met.then(() => {
  new ResizeObserver(size).observe(document.body);
  if (news.now) news.begin();
  else tell("error", { reason: "not-found" });
});
