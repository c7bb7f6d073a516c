// Has this device told when a delivery changes (Push API), and takes that back. What is sent holds nothing but
// that something changed; the worker looks up what. For the page, and for the worker where a browser replaces
// its subscription.

import { WATCHED, all, drop, put, read } from "./shelf.js";

const track = (id, path) => `/api/v1/track/${id}${path}`;

const call = async (method, path, body) => {
  const headers = { "x-doorstep": "1", "content-type": "application/json" };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.status === 204 ? undefined : answer.json();
};

/** What is to be said of a delivery now, in a language. */
export const sentence = async (id, lang) => {
  const answer = await fetch(track(id, "/sentence"), { headers: { "accept-language": lang }, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const subscription = async (registration) => {
  const { publicKey } = await call("GET", "/api/v1/push");
  const options = { userVisibleOnly: true, applicationServerKey: bytes(publicKey) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // One that was made with another key of the server is worth nothing.
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
};

/** Whether this device is told about `id`. */
export const isWatched = async (id) => !!(await read(WATCHED, id));

/** Tells it from now on. */
export const watch = async (registration, id, lang) => {
  const { endpoint } = await subscription(registration);
  const { id: name } = await call("POST", track(id, "/push"), { endpoint });
  await put(WATCHED, id, { name, lang, told: await sentence(id, lang) });
};

/** Tells it no longer; a device that is told of nothing else has no subscription either. */
export const unwatch = async (registration, id) => {
  const watched = await read(WATCHED, id);
  if (watched) await call("DELETE", track(id, "/push/" + watched.name));
  await drop(WATCHED, id);
  if (!(await all(WATCHED)).length) await (await registration.pushManager.getSubscription())?.unsubscribe();
};
