// The page's habits on a phone, loaded once it is live, on pages of our own only: what was seen can be read
// without a network, the status can be shared, the device can be told of changes. Where a browser lacks what one
// of them needs, that one is not there. xtask tells in which line of the page's words each message stands.

import { bar } from "./bar.js";
import { keeping } from "./keep.js";
import { idOf } from "./shelf.js";

/** How long the worker may take to be ready, in milliseconds. */
const PATIENCE = 10000;

const boot = document.getElementById("doorstep-boot");
const id = idOf(location.pathname);

const words = () => {
  const lines = boot.words.split("\n");
  return Object.fromEntries(Object.entries(DOORSTEP_WORDS).map(([name, line]) => [name, lines[line]]));
};

/** The worker; after what it is to show is kept, since it looks there for the languages of its pages. */
const registered = async (kept) => {
  await kept;
  await navigator.serviceWorker.register("/worker.js");
  // One that cannot be installed is never ready.
  const late = new Promise((_, fail) => setTimeout(fail, PATIENCE));
  const registration = await Promise.race([navigator.serviceWorker.ready, late]);
  registration.active.postMessage({ lang: document.documentElement.lang });
  return registration;
};

// A page without TLS has neither.
const canKeep = "caches" in self && "serviceWorker" in navigator;

// Of a number that nobody has there is no view but `null`; of a session that is over already, none at the moment.
if (id && /^(\{|$)/.test(boot.view) && boot.words) {
  let changed = () => {};
  const registration = canKeep && registered(keeping(boot, id, () => changed()));
  // Whoever waits for it learns of a failure; until then it is no unhandled one.
  if (registration) registration.catch(() => {});
  changed = bar(boot, id, words(), registration);
}
