// Two buttons below the delivery: one shares its status, one has this device told when it changes. Made here
// and not by the widget, since nobody waits for them: they come after what people came for.

import style from "./bar.css";
import { hasEnded } from "./keep.js";
import { share } from "./share.js";
import { isWatched, unwatch, watch } from "./subscribe.js";

const make = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

/** Whether a browser can be told anything; one that cannot is offered nothing. */
const canBeTold = () => "PushManager" in self && "Notification" in self;

/** Puts the buttons below the page; gives what is to be called when the view changes. */
export const bar = (boot, id, words, registration) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [...(document.adoptedStyleSheets ?? []), sheet];

  const section = make("section", "phone");
  section.setAttribute("aria-label", words.label);
  const said = make("p", "told");
  said.setAttribute("role", "status");
  const matter = (name, label, help, act) => {
    const group = make("div", "habit");
    const button = make("button", "button quiet", label);
    button.type = "button";
    const hint = make("p", "hint", help);
    hint.id = "phone-" + name;
    button.setAttribute("aria-describedby", hint.id);
    let busy = false;
    button.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      said.textContent = await act().catch(() => words.failed);
      busy = false;
    });
    group.append(button, hint);
    return { group, button };
  };

  const toggle = async () => {
    // Asked first: a browser allows it only within the press itself.
    const watched = await isWatched(id);
    if (!watched && (await Notification.requestPermission()) !== "granted") return words.notifyDenied;
    if (watched) await unwatch(await registration, id);
    else await watch(await registration, id, document.documentElement.lang);
    await show();
    return watched ? words.notifyOff : words.notifyOn;
  };
  const sharing = matter("share", words.share, words.shareHelp, () => share(words));
  const telling = matter("notify", words.notify, words.notifyHelp, toggle);

  const show = async () => {
    const over = !boot.view || hasEnded(boot.view);
    telling.group.hidden = over || !registration || !canBeTold();
    telling.button.textContent = (await isWatched(id)) ? words.notifyStop : words.notify;
  };
  section.append(sharing.group, telling.group, said);
  show().catch(() => {});
  // Below whatever stands there already: what comes late moves nothing.
  (document.querySelector(".support") ?? document.getElementById("doorstep")).after(section);
  return () => void show().catch(() => {});
};
