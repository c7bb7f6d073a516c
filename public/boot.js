// Starts the widget, and opens the live stream while its module is still on the way: the widget takes it
// over from this script's element, as `stream`, with the newest that it brought, as `news`. Where the
// widget cannot run, the server's page stays, and is fetched again at each change.
// xtask bundles this with wasm-bindgen's glue and fills in the module's address.
import init from "doorstep-widget";

const root = document.getElementById("doorstep");
const boot = document.getElementById("doorstep-boot");
let stream;

if (root.dataset.sequence) {
  const address = "/api/v1/track/" + location.pathname.split("/")[2] + "/live";
  stream = boot.stream = new EventSource(address + "?lastEventId=" + root.dataset.sequence);
  stream.addEventListener("view", (event) => (boot.news = event));
}

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
  if (!root.dataset.sequence) return;
  new EventSource(stream.url).addEventListener("view", () => renew().catch(() => {}));
};

addEventListener("error", (event) => event.error instanceof WebAssembly.RuntimeError && stayPlain());
addEventListener("unhandledrejection", (event) => event.reason instanceof WebAssembly.RuntimeError && stayPlain());
init({ module_or_path: new URL(DOORSTEP_WASM, import.meta.url) }).catch(stayPlain);
