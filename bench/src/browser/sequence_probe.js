// Notes when the sequence that the page shows changes, in milliseconds of the browser's clock.
(() => {
  const seen = [];
  window.__sequences = seen;
  let last = null;
  new MutationObserver(() => {
    const at = performance.timeOrigin + performance.now();
    const shown = document.getElementById("doorstep")?.dataset.sequence;
    if (shown !== undefined && shown !== last) {
      last = shown;
      seen.push([Number(shown), at]);
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-sequence"],
  });
})();
