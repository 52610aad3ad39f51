// What events ask for, in rounds: of a burst of blocks, each round does only the last of each kind.

/** Least time between two rounds. */
const PACE_MS = 200;
/** @type {Map<string, () => void>} */
const waiting = new Map();
/** @type {number | undefined} */
let timer;
let settled = 0;

/**
 * Does something in the next round: at once, if the last one was not just now. It takes the place of what waits under its name.
 * @param {string} name @param {() => void} act
 */
export function soon(name, act) {
  waiting.set(name, act);
  timer ??= setTimeout(settle, Math.max(0, settled + PACE_MS - performance.now()));
}

/** Does what waits, in the order in which the names came. */
export function settle() {
  clearTimeout(timer);
  timer = undefined;
  settled = performance.now();
  const acts = [...waiting.values()];
  waiting.clear();
  for (const act of acts) act();
}
