// Starts the widget, and opens the live stream while its module is still on the way: the widget takes it
// over from this script's element, as `stream`, with the newest that it brought, as `news`. Where the
// widget cannot run, the server's page stays, and is fetched again at each change.
// A link's secret leaves the address bar here, before anything else runs, and is exchanged for a session;
// what came of it is left as `access`: "public", "recipient", "refused", or "unreached".
// In the frame of another page, `embed/frame.js` ran before and promises `access`.
// Once the widget runs, our own pages load `phone/`, for which `view`, `own` and `code` are left; see there.
// xtask bundles this with wasm-bindgen's glue and fills in the addresses.
import init, { start } from "doorstep-widget";

const root = document.getElementById("doorstep");
const boot = document.getElementById("doorstep-boot");
const track = "/api/v1/track/" + location.pathname.split("/")[2];
// What anybody may frame shows what everybody may see, whatever its address says.
const framed = !location.pathname.startsWith("/t/");
const secret = !framed && new URLSearchParams(location.hash.slice(1)).get("k");
const wasm = fetch(new URL(DOORSTEP_WASM, import.meta.url));
// The widget's words, in the page's language, are handed over as `words`: without them the server's page stays.
const words = fetch(boot.dataset.words).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)));
// Whoever awaits them learns of a failure; until then it is no unhandled one.
wasm.catch(() => {});
words.catch(() => {});
let stream;

const exchange = async () => {
  const linked = location.href;
  history.replaceState(history.state, "", location.pathname + location.search);
  try {
    const answer = await fetch(track + "/session", {
      method: "POST",
      headers: { "content-type": "application/json", "x-doorstep": "1" },
      body: JSON.stringify({ secret }),
    });
    if (answer.ok) return "recipient";
    if (answer.status < 429) return "refused";
  } catch {}
  // Nobody has used the link yet: loading the page again must be able to.
  history.replaceState(history.state, "", linked);
  return "unreached";
};

const open = (access) => {
  boot.access = access;
  if (!root.dataset.sequence) return;
  // The page holds the view of its own audience only; of any other, every view is news.
  const known = access === "recipient" && !recipient ? "" : root.dataset.sequence;
  stream = boot.stream = new EventSource(track + (access === "recipient" ? "/recipient" : "") + "/live?lastEventId=" + known);
  stream.addEventListener("view", (event) => (boot.news = event));
};

const renew = async () => {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("doorstep");
  if (!fresh) return;
  fresh.dataset.live = "live";
  fresh.querySelector("[data-part=live]")?.replaceChildren();
  document.getElementById("doorstep").replaceWith(fresh);
};

let plain = false;
const stayPlain = () => {
  if (plain) return;
  plain = true;
  stream?.close();
  // A widget that failed as it began has left nothing.
  if (!document.querySelector("#doorstep h1")) renew().catch(() => {});
  if (!stream) return;
  new EventSource(stream.url).addEventListener("view", () => renew().catch(() => {}));
};

const found = framed ? undefined : document.getElementById("doorstep-view");
const recipient = found?.dataset.audience === "recipient";
boot.view = found?.textContent;
boot.own = recipient;
// A view that the worker kept says of when it is.
if (found?.dataset.kept) boot.at = +found.dataset.kept;
if (recipient) {
  try {
    const code = localStorage[`doorstep/${track.slice(14).toUpperCase()}/code`];
    if (JSON.parse(code).until > Date.now()) boot.code = code;
  } catch {}
}
const module_or_path = (async () => {
  const came = secret ? await exchange() : ((await boot.access) ?? "public");
  // A link that was used here before still leads to what its session opened.
  open(recipient ? "recipient" : came);
  boot.words = await words;
  return wasm;
})();

// A link opened over a page that is open already changes nothing but the fragment.
addEventListener("hashchange", () => /[#&]k=/.test(location.hash) && location.reload());
addEventListener("error", (event) => event.error instanceof WebAssembly.RuntimeError && stayPlain());
addEventListener("unhandledrejection", (event) => event.reason instanceof WebAssembly.RuntimeError && stayPlain());
init({ module_or_path })
  .then(start)
  .catch(stayPlain)
  .then(() => framed || (self.requestIdleCallback ?? setTimeout)(() => import(new URL(DOORSTEP_PHONE, import.meta.url)).catch(() => {})));
