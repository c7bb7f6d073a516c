// Notes, in milliseconds since the start of navigation, when the status sentence was painted and
// when the page went live; and what moved or blocked the page meanwhile and after.
(() => {
  const probe = {
    sentencePainted: null, // by Element Timing: the frame that showed it
    sentenceFramed: null, // where Element Timing says nothing: the end of that frame's work
    firstPaint: null,
    live: null,
    shifts: [],
    longTasks: [],
  };
  window.__load = probe;

  const look = () => {
    const sentence = document.querySelector("#doorstep [data-part=sentence]");
    if (sentence?.textContent.trim() && !sentence.hasAttribute("elementtiming")) {
      sentence.setAttribute("elementtiming", "sentence");
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          probe.sentenceFramed ??= performance.now();
        };
        channel.port2.postMessage(0);
      });
    }
    if (document.getElementById("doorstep")?.dataset.live === "live") {
      probe.live ??= performance.now();
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-live", "data-part"],
  });

  const observe = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe("element", (entry) => {
    if (entry.identifier === "sentence") probe.sentencePainted ??= entry.renderTime;
  });
  observe("paint", (entry) => {
    if (entry.name === "first-contentful-paint") probe.firstPaint ??= entry.startTime;
  });
  observe("layout-shift", (entry) => {
    if (!entry.hadRecentInput) probe.shifts.push([entry.startTime, entry.value]);
  });
  observe("longtask", (entry) => probe.longTasks.push([entry.startTime, entry.duration]));
})();
