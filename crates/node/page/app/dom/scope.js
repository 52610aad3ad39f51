// What a view holds on to while it is shown: listeners, timers, requests. All end when the view is left.

export class Scope {
  constructor() {
    this.abort = new AbortController();
  }

  get signal() {
    return this.abort.signal;
  }

  get isOpen() {
    return !this.abort.signal.aborted;
  }

  /** @param {() => void} end */
  onEnd(end) {
    if (this.isOpen) this.signal.addEventListener("abort", end, { once: true });
    else end();
  }

  /**
   * Listens to an element, the window or another target.
   * @param {EventTarget} target @param {string} name @param {(event: any) => void} listener
   * @param {AddEventListenerOptions} [more]
   */
  listen(target, name, listener, more = {}) {
    target.addEventListener(name, listener, { ...more, signal: this.signal });
  }

  /** @param {number} milliseconds @param {() => void} act */
  every(milliseconds, act) {
    const timer = setInterval(act, milliseconds);
    this.onEnd(() => clearInterval(timer));
  }

  /** Calls `act` once the browser has painted, if the scope is still open. @param {() => void} act */
  afterPaint(act) {
    requestAnimationFrame(() => setTimeout(() => this.isOpen && act()));
  }

  /** Ends everything in the scope. */
  end() {
    this.abort.abort();
  }
}
