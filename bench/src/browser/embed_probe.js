// In a page with <doorstep-tracker>: notes what moves, and mounts and removes tags on demand. Also keeps the
// memory of each WebAssembly module that starts, which nothing else gives away.
(() => {
  const probe = { shift: 0, done: 0, pages: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
  const memories = [];
  window.__embed = probe;

  for (const name of ["instantiate", "instantiateStreaming"]) {
    const native = WebAssembly[name];
    WebAssembly[name] = async (...about) => {
      const made = await native.apply(WebAssembly, about);
      const exports = (made.instance ?? made).exports;
      memories.push(...Object.values(exports).filter((one) => one instanceof WebAssembly.Memory));
      return made;
    };
  }

  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) probe.shift += value;
  }).observe({ type: "layout-shift", buffered: true });

  probe.mount = async (mode, id, count) => {
    for (let number = 0; number < count; number += 1) {
      const tag = document.createElement("doorstep-tracker");
      Object.assign(tag, { trackingId: id, mode });
      const ready = new Promise((is) => tag.addEventListener("ready", is, { once: true }));
      document.querySelector("main").append(tag);
      await ready;
      // Every other one has time to open its stream.
      if (number % 2) await new Promise((later) => setTimeout(later, 50));
      tag.remove();
    }
    // The browser's own list of what was fetched is none of what a tag keeps.
    performance.clearResourceTimings();
    probe.done += count;
  };
})();
