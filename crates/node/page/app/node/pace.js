// Does the work that events cause, in rounds. In a burst of events, each round does only the latest work of each kind.

/** Least time between two rounds. */
const PACE_MS = 200;
/** @type {Map<string, () => void>} */
const waiting = new Map();
/** @type {number | undefined} */
let timer;
let settled = 0;

/**
 * Puts work into the next round, which is at once if the last one is long enough ago. Replaces work waiting under its name.
 * @param {string} name @param {() => void} act
 */
export function soon(name, act) {
  waiting.set(name, act);
  timer ??= setTimeout(settle, Math.max(0, settled + PACE_MS - performance.now()));
}

/** Does all work that waits, in the order in which the names came. */
export function settle() {
  clearTimeout(timer);
  timer = undefined;
  settled = performance.now();
  const acts = [...waiting.values()];
  waiting.clear();
  for (const act of acts) act();
}
