// What a host page is told of a delivery, from one view to the next: where it stands and when it comes, never
// a word of the person. In the frame and in the page itself the same.

const standing = ({ trackingId, sequence, status, step, flags, eta }) => ({
  trackingId,
  sequence,
  status,
  step,
  flags,
  eta: eta && { day: eta.day ?? eta.window?.day, from: eta.window?.from, until: eta.window?.until },
});

/** Hears views, and tells what changed between them. */
export class News {
  /** Where it stands; nothing before the first view. */
  now;
  #tell;

  constructor(tell) {
    this.#tell = tell;
  }

  /** Takes a view as JSON; what is none is no news. */
  hear(json) {
    let view;
    try {
      view = JSON.parse(json);
    } catch {}
    if (!view?.status) return;
    const was = this.now;
    if (was?.sequence > view.sequence) return;
    this.now = standing(view);
    if (!was) return;
    const { trackingId, status, step, flags, eta } = this.now;
    if (was.status !== status) this.#tell("status-change", { trackingId, status, step, flags, before: was.status });
    if (JSON.stringify(was.eta) !== JSON.stringify(eta)) this.#tell("eta-change", { trackingId, eta });
  }

  /** Tells where it stands. */
  begin() {
    const { sequence, ...standing } = this.now;
    this.#tell("ready", standing);
  }
}
