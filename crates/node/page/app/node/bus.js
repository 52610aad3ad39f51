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
