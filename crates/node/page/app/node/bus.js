// Topics that parts of the page publish and listen to.

/**
 * @typedef {"status" | "block" | "reorg" | "pool" | "peers" | "mining" | "sync" | "feed" | "missed" | "mining-state"} Topic
 */

/** @type {Map<Topic, Set<(value: any) => void>>} */
const listeners = new Map();

/**
 * Listens to a topic while a scope is open.
 * @param {import("../dom/scope.js").Scope} scope @param {Topic} topic @param {(value: any) => void} listener
 */
export function on(scope, topic, listener) {
  const all = listeners.get(topic) ?? new Set();
  listeners.set(topic, all.add(listener));
  scope.onEnd(() => all.delete(listener));
}

/** @param {Topic} topic @param {any} [value] */
export function publish(topic, value) {
  for (const listener of [...(listeners.get(topic) ?? [])]) listener(value);
}

/** Least time between two rounds of `soon`, so that a burst of blocks does not keep the page busy. */
const PACE_MS = 200;
/** @type {Map<string, () => void>} */
const waiting = new Map();
/** @type {number | undefined} */
let timer;
let settled = 0;

/**
 * Does something at once, or if the last round was just now, in a moment. It takes the place of what waits under its name.
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
