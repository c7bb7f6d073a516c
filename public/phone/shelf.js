// What this device keeps of the deliveries that were looked at, in the browser's own cache: for the page that
// puts it there and the worker that shows it. A delivery is kept under its number, whatever else its address
// held; nothing is kept for ever, and no more than a phone's owner would miss.

/** The last view of each delivery. */
export const VIEWS = "doorstep-views";
/** The deliveries that this device is told about. */
export const WATCHED = "doorstep-watched";

/** How many views are kept. */
const MOST = 20;

const address = (id) => "/kept/" + id;

/** The delivery of a page's address, as it is kept: numbers compare without case. */
export const idOf = (path) => path.match(/^\/t\/([^/]+)\/?$/)?.[1].toUpperCase();

export const read = async (shelf, id) => {
  const found = await (await caches.open(shelf)).match(address(id));
  return found?.json();
};

export const put = async (shelf, id, what) => {
  await (await caches.open(shelf)).put(address(id), new Response(JSON.stringify({ ...what, id })));
};

export const drop = async (shelf, id) => (await caches.open(shelf)).delete(address(id));

export const all = async (shelf) => {
  const cache = await caches.open(shelf);
  const found = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
  return Promise.all(found.filter(Boolean).map((one) => one.json()));
};

/** Forgets the views whose time is over, and the oldest where there are too many. */
export const sweep = async () => {
  const views = (await all(VIEWS)).sort((a, b) => b.at - a.at);
  const standing = views.filter((view) => view.until > Date.now());
  const kept = new Set(standing.slice(0, MOST));
  await Promise.all(views.filter((view) => !kept.has(view)).map((view) => drop(VIEWS, view.id)));
};
