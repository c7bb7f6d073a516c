// In a host page, before all else: notes what of the page is its own, and what happens to it.
window.guard = (() => {
  const listening = new Map();
  const count = (name) => {
    const native = EventTarget.prototype[name];
    EventTarget.prototype[name] = function (type, callback, ...more) {
      const target = this ?? window;
      if ([window, document, document.documentElement, document.body].includes(target)) {
        if (!listening.has(type)) listening.set(type, new Set());
        if (name === "addEventListener") listening.get(type).add(callback);
        else listening.get(type).delete(callback);
      }
      return native.call(target, type, callback, ...more);
    };
  };
  const violations = [];
  const errors = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    violations.push(`${effectiveDirective} ${blockedURI}`),
  );
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  for (const kind of ["error", "warn"]) {
    const native = console[kind];
    console[kind] = (...words) => (errors.push(words.join(" ")), native.apply(console, words));
  }
  count("addEventListener");
  count("removeEventListener");

  const attributes = (element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`).join(" ");
  // Everything that a guest could leave in the page, as it is now. Frames are properties of the window by their
  // number, and WebDriver leaves some of its own.
  const look = () => {
    const body = document.body.cloneNode(true);
    for (const tag of body.querySelectorAll("doorstep-tracker")) tag.remove();
    const root = document.documentElement;
    return {
      globals: Object.getOwnPropertyNames(window)
        .filter((name) => !own.has(name) && isNaN(name) && !/^(cdc_|ret_nodes|\$|webdriver)/.test(name))
        .sort(),
      head: document.head.innerHTML,
      body: body.innerHTML,
      attributes: `${attributes(root)} | ${attributes(document.body)}`,
      title: document.title,
      address: location.href,
      storage: `${localStorage.length} ${sessionStorage.length} ${document.cookie}`,
      sheets: `${document.styleSheets.length} ${document.adoptedStyleSheets.length}`,
      listening: [...listening].filter(([, all]) => all.size).map(([type, all]) => `${type} ${all.size}`).sort().join(", "),
    };
  };
  let before;
  let own = new Set();
  let entries;
  return {
    violations,
    errors,
    begin() {
      // Firefox makes its own globals when they are first used: some come late, and in another order.
      own = new Set(Object.getOwnPropertyNames(window));
      before = look();
      entries = history.length;
    },
    /** What is not as it was before; `but` names what may differ now. */
    changes(but = []) {
      const now = look();
      const changed = Object.keys(now)
        .filter((what) => !but.includes(what) && String(now[what]) !== String(before[what]))
        .map((what) => `${what}: ${before[what]} -> ${now[what]}`);
      // Firefox counts the blank page that was there before for a moment more.
      if (history.length > entries) changed.push(`history: ${entries} -> ${history.length}`);
      return changed;
    },
  };
})();
