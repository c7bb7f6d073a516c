// The pages' service worker. Without a network it shows the page's shell with the last view of the delivery,
// as `keep.js` left it; with one it stays out of the way: every page comes from the server while that answers,
// so that nobody is left with an old one. It sees no call of the API and keeps no page.
// xtask fills in the built files, so that each release has a worker of its own.

import { VIEWS, WATCHED, all, drop, idOf, put, read, sweep } from "./shelf.js";
import { sentence, watch } from "./subscribe.js";

const SHELVES = "doorstep-shell-";
/** The shell of this release: a page in each language that was asked for, and the files that they load. */
const SHELL = SHELVES + DOORSTEP_RELEASE;
const FILES = DOORSTEP_FILES;

/** How long a page may take before what is kept is shown, in milliseconds. */
const PATIENCE = 4000;

// --- the shell ---

const shellIn = (lang) => "/offline?lang=" + encodeURIComponent(lang);

const addShell = async (lang) => {
  const cache = await caches.open(SHELL);
  if (await cache.match(shellIn(lang))) return;
  const page = await fetch(shellIn(lang), { cache: "no-store" });
  if (!page.ok) throw new Error(String(page.status));
  // It names what it loads: the words of its language among them.
  const named = (await page.clone().text()).match(/\/assets\/[\w.-]+/g) ?? [];
  await cache.addAll([...new Set(named)]);
  await cache.put(shellIn(lang), page);
};

const install = async () => {
  const cache = await caches.open(SHELL);
  await cache.addAll(FILES);
  const languages = new Set([...(await all(VIEWS)).map((view) => view.lang), navigator.language]);
  for (const lang of languages) await addShell(lang);
  await skipWaiting();
};

const activate = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(SHELVES) && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await sweep();
  await clients.claim();
};

// --- pages and files ---

const shell = async (lang) => {
  const cache = await caches.open(SHELL);
  const found = lang && (await cache.match(shellIn(lang)));
  if (found) return found;
  const [any] = (await cache.keys()).filter((key) => new URL(key.url).pathname === "/offline");
  return any && cache.match(any);
};

/** The shell with what is kept of that delivery, where there is any. */
const keptPage = async (url) => {
  const id = idOf(url.pathname);
  const kept = id && (await read(VIEWS, id));
  const view = kept?.until > Date.now() ? kept : undefined;
  const page = await shell(view?.lang ?? url.searchParams.get("lang") ?? navigator.language);
  if (!page || !view) return page;
  const whose = view.own ? ' data-audience="recipient"' : "";
  const json = view.view.replaceAll("<", "\\u003c");
  const script = `<script id="doorstep-view" type="application/json" data-kept="${Number(view.at)}"${whose}>${json}</script>`;
  const headers = new Headers(page.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response((await page.text()).replace("</body>", () => script + "</body>"), { headers });
};

// No navigation preload: where that fails, Firefox shows its own error whatever the worker answers.
const page = async (request, url) => {
  const asked = fetch(request);
  // Whoever awaits it learns of a failure; where what is kept is shown, nobody does.
  asked.catch(() => {});
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const answer = await Promise.race([asked, late]);
    // What a proxy says for a server that is away helps nobody.
    if (answer && ![502, 503, 504].includes(answer.status)) return answer;
  } catch {}
  return (await keptPage(url)) ?? asked;
};

/** Names change with content: what has the name is the file. */
const file = async (request) => {
  const found = await (await caches.open(SHELL)).match(request, { ignoreVary: true });
  return found ?? fetch(request);
};

// --- what is told ---

const stateOf = ({ status, day }) => `${status} ${day}`;

const show = (id, { title, sentence, language, direction }, more) =>
  registration.showNotification(title, {
    body: sentence,
    tag: id,
    lang: language,
    dir: direction,
    icon: "/icons/192.png",
    data: id,
    ...more,
  });

/** A message says only that something changed: looks up what, and shows it. */
const tell = async () => {
  const watched = await all(WATCHED);
  let told = false;
  for (const one of watched) {
    const now = await sentence(one.id, one.lang).catch(() => undefined);
    if (!now || stateOf(now) === stateOf(one.told)) continue;
    await show(one.id, now);
    told = true;
    if (now.over) await drop(WATCHED, one.id);
    else await put(WATCHED, one.id, { ...one, told: now });
  }
  // A browser takes the permission from whoever is told something and shows nothing: what is known is shown
  // once more, in its old place, without a sound.
  const [first] = watched;
  if (!told && first) await show(first.id, first.told, { silent: true });
};

const openPage = async (id) => {
  const path = "/t/" + id;
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((client) => idOf(new URL(client.url).pathname) === id);
  await (there ? there.focus() : clients.openWindow(path));
};

/** The browser has replaced its subscription. One delivery that cannot be watched any more stops no other. */
const renew = async () => {
  for (const one of await all(WATCHED)) await watch(registration, one.id, one.lang).catch(() => drop(WATCHED, one.id));
};

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.data?.lang && event.waitUntil(addShell(event.data.lang).catch(() => {})));
addEventListener("push", (event) => event.waitUntil(tell()));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew()));
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && (url.pathname === "/" || idOf(url.pathname))) {
    event.respondWith(page(request, url));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(file(request));
  }
});
