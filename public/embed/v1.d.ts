// Types of /embed/v1.js, which defines <doorstep-tracker>. `cargo xtask test types` has tsc read it with a page that uses all of it.

/** A status of the journey; more may be added. */
export type DoorstepStatus =
  | "unknown" | "created" | "scheduled" | "confirmed" | "preparing" | "ready" | "courier_assigned" | "at_pickup"
  | "picked_up" | "in_transit" | "out_for_delivery" | "arrived" | "available_for_pickup" | "delivered"
  | "attempt_failed" | "exception" | "undeliverable" | "returning" | "returned" | "cancelled" | "failed"
  | (string & {});

/** A step of the progress bar. */
export type DoorstepStep = "placed" | "preparing" | "on_the_way" | "arriving" | "delivered";

/** When it is to come. Everybody is told a day; the recipient also a window. */
export interface DoorstepEta {
  /** `2026-11-21`. */
  day?: string;
  /** RFC 3339. */
  from?: string;
  /** RFC 3339. */
  until?: string;
}

/** Where a delivery stands. Holds nothing of the person. */
export interface DoorstepStanding {
  trackingId: string;
  status: DoorstepStatus;
  step?: DoorstepStep;
  flags?: readonly string[];
  eta?: DoorstepEta;
}

/** Events by name, with what their `detail` holds. All but `error` bubble and cross shadow roots. */
export interface DoorstepEventMap {
  /** The status is shown. */
  "ready": CustomEvent<DoorstepStanding>;
  /** The status moved. */
  "status-change": CustomEvent<{
    trackingId: string; status: DoorstepStatus; step?: DoorstepStep; flags?: readonly string[]; before: DoorstepStatus;
  }>;
  /** The expected time moved, came or went. */
  "eta-change": CustomEvent<{ trackingId: string; eta?: DoorstepEta }>;
  /** The recipient saved, or took back, an instruction; its text is not told. */
  "instruction-saved": CustomEvent<{ what: "comment" | "contactless" | (string & {}) }>;
  /** The recipient had the delivery code shown; the code is not told. */
  "code-revealed": CustomEvent<object>;
  /** Something did not work; what stands inside the element is shown, or the public view. */
  "error": CustomEvent<{
    reason: "unreachable" | "not-found" | "token" | "session" | "offline" | (string & {});
    status?: number;
  }>;
}

/** A function that gives a token for the customer who is signed in, or `null` where there is none. */
export type DoorstepGetToken = () => string | null | Promise<string | null>;

/** `<doorstep-tracker tracking-id="…"><a href="…">Track</a></doorstep-tracker>` */
export interface DoorstepTrackerElement extends HTMLElement {
  /** Attribute `tracking-id`. */
  trackingId: string;
  /** Attribute `mode`. Default: `frame`. `inline` stands in the page itself, and shows a frame where it cannot or has a token. */
  mode: "frame" | "inline";
  /** Attribute `locale`: a BCP 47 tag. Default: the `lang` around the element, then the browser's. */
  locale: string;
  /** Attribute `theme`. Default: `auto`, as the viewer's system has it. */
  theme: "auto" | "light" | "dark";
  /** Attribute `height`: the room that is reserved, in CSS pixels. Default: `--doorstep-height`, 40rem. */
  height: string;
  /** A token that the retailer signed. Never an attribute. Cannot be read back. */
  set token(value: string | null);
  /** The same, asked for whenever one is needed. */
  set getToken(value: DoorstepGetToken | null);

  addEventListener<K extends keyof DoorstepEventMap>(
    type: K, listener: (this: DoorstepTrackerElement, event: DoorstepEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof DoorstepEventMap>(
    type: K, listener: (this: DoorstepTrackerElement, event: DoorstepEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "doorstep-tracker": DoorstepTrackerElement;
  }
}
