// A page that uses all of /embed/v1.d.ts; `cargo xtask test types` has tsc read the two together. Nothing
// of it is run.
import type { DoorstepEta, DoorstepGetToken, DoorstepStatus } from "../../public/embed/v1";

const tracker = document.createElement("doorstep-tracker");
tracker.trackingId = "SHOP-1";
tracker.mode = "frame";
tracker.mode = "inline";
tracker.locale = "pt-BR";
tracker.theme = "auto";
tracker.height = "480";
tracker.token = "a retailer's token";
const ask: DoorstepGetToken = async () => (await fetch("/token")).text();
tracker.getToken = ask;
tracker.getToken = null;

tracker.addEventListener("ready", (event) => {
  const status: DoorstepStatus = event.detail.status;
  const eta: DoorstepEta | undefined = event.detail.eta;
  console.log(status, eta?.day ?? eta?.from);
});
tracker.addEventListener("status-change", ({ detail }) => console.log(detail.before, detail.status, detail.step));
tracker.addEventListener("eta-change", ({ detail }) => console.log(detail.eta?.until));
tracker.addEventListener("instruction-saved", ({ detail }) => console.log(detail.what));
tracker.addEventListener("error", ({ detail }) => console.log(detail.reason, detail.status));
tracker.addEventListener("code-revealed", ({ detail }) => {
  // @ts-expect-error The code is never told.
  const code: string = detail.code;
  console.log(code);
});
// @ts-expect-error There is no such theme.
tracker.theme = "blue";

document.querySelector("doorstep-tracker")?.remove();
