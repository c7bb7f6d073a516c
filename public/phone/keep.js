// Keeps the newest view of the page's delivery, and a code that its recipient had shown, so that both can be
// read without a network; forgets them as soon as the page learns that they are nobody's any more. The widget
// leaves what it knows on the boot script's element: `view` as it came, `own` where that is the recipient's,
// `code` as it was revealed. It is told there whether a code is kept at all, by `keeps`.

import { VIEWS, drop, put, read, sweep } from "./shelf.js";

const HOUR = 3600e3;
/** A view: as long as a session lasts that nobody uses. */
const VIEW_FOR = 14 * 24 * HOUR;
/** The recipient's own, once the journey has ended. */
const ENDED_FOR = 24 * HOUR;
/** A code that was shown; its journey mostly ends the same day. */
const CODE_FOR = 48 * HOUR;
/** An edit that the widget left to be sent. */
const EDIT_FOR = VIEW_FOR;
/** How often the page notes that it is still connected. */
const EVERY = 60e3;

const ENDED = ["delivered", "undeliverable", "returning", "returned", "cancelled", "failed"];

/** Whether `view`, as it came, is of a journey that has ended. */
export const hasEnded = (view) => ENDED.includes(JSON.parse(view).status);

const codeOf = (id) => `doorstep/${id}/code`;

// A browser may forbid storage, or have none left: then nothing is kept, and the page is as it was.
const storage = (use) => {
  try {
    return use(localStorage);
  } catch {}
};

/** Until when what is stored under `key` may stay; nothing where it is none of ours. */
const endOf = (key, text) => {
  const [, what] = /^doorstep\/[^/]+\/(code|recipient\/.+)$/.exec(key) ?? [];
  if (!what) return;
  const { until, id } = JSON.parse(text) ?? {};
  // An edit's name begins with when it was made (`src/hands/sending.rs`).
  return what === "code" ? until : Number.parseInt(id, 10) + EDIT_FOR;
};

const sweepStored = () =>
  storage((kept) => {
    for (const key of Object.keys(kept)) {
      const end = endOf(key, kept[key]);
      if (end !== undefined && !(end > Date.now())) kept.removeItem(key);
    }
  });

/** Begins; calls `changed` at each view. */
export const keeping = (boot, id, changed) => {
  let last = Promise.resolve();
  // One after the other, so that the newest stays.
  const then = (act) => (last = last.then(act).catch(() => {}));

  const note = () => {
    if (!boot.view) return;
    const { view, own = false } = boot;
    const at = Date.now();
    const until = at + (own && hasEnded(view) ? ENDED_FOR : VIEW_FOR);
    then(() => put(VIEWS, id, { view, own, at, until, lang: document.documentElement.lang }));
  };
  const keepCode = () =>
    storage((kept) => {
      if (!boot.code) kept.removeItem(codeOf(id));
      else if (boot.code !== kept.getItem(codeOf(id))) {
        kept.setItem(codeOf(id), JSON.stringify({ ...JSON.parse(boot.code), until: Date.now() + CODE_FOR }));
      }
    });
  const forget = () => {
    boot.code = "";
    then(() => drop(VIEWS, id));
  };
  const follow = (name, tell) => {
    let value = boot[name];
    const set = (next) => {
      const was = value;
      value = next;
      tell(was);
    };
    Object.defineProperty(boot, name, { get: () => value, set });
  };

  const connected = () => ["live", "polling"].includes(document.getElementById("doorstep").dataset.live);
  const seen = () => connected() && note();
  setInterval(() => document.hidden || seen(), EVERY);
  addEventListener("visibilitychange", () => document.hidden && seen());
  addEventListener("pagehide", seen);

  follow("code", keepCode);
  follow("view", () => {
    note();
    changed();
  });
  follow("own", (was) => was && !boot.own && forget());
  // So that the widget says so only where it is so.
  boot.keeps = storage(() => true);
  sweepStored();
  // Whoever has no session has no code either, whatever an earlier one left here.
  if (boot.access !== "recipient") boot.code = "";
  else keepCode();
  // Nor is a view of theirs kept for others, whenever this script came.
  if (!boot.own) then(async () => (await read(VIEWS, id))?.own && drop(VIEWS, id));
  // What came out of the cache is kept already, and no younger for it.
  if (!boot.at) note();
  then(sweep);
  return last;
};
