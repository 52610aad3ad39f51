// Mining on the node, as the page follows it on every view: who asked, how far it is, how it ended.
import { toNumber } from "../core/json.js";
import { Scope } from "../dom/scope.js";
import { block } from "./blocks.js";
import { on, publish } from "./bus.js";
import { json, post } from "./client.js";
import { current, refresh } from "./status.js";

/**
 * @typedef {object} Progress
 * @property {number} tries
 * @property {number} expected
 * @property {number} rate tries a second
 * @property {number} seconds
 * @property {number} zeros
 * @property {number} index of the block that is being mined
 * @property {number} at when the node said so, in milliseconds since the page was opened
 */

export const mining = {
  /** Whether this page asked, and waits for the answer. */
  asked: false,
  /** @type {Progress | null} progress of the node's search, whoever asked */
  progress: null,
  /** @type {{block: import("../core/block.js").Block, tries: string, seconds: number} | null} */
  mined: null,
  /** @type {import("../core/block.js").Block | null} the last block of someone else that came while this page waits */
  overtaken: null,
  /** @type {Error | null} */
  error: null,
};

/** @type {AbortController | null} */
let asking = null;

const changed = () => publish("mining-state");

/** @param {any} data */
function progressOf(data) {
  if (data.mining !== true) return null;
  return {
    tries: toNumber(data.tries), expected: toNumber(data.expected_tries), rate: toNumber(data.tries_per_second),
    seconds: toNumber(data.seconds), zeros: toNumber(data.difficulty), index: toNumber(data.index), at: performance.now(),
  };
}

/** Follows the node's searches from the feed. */
export function follow() {
  const always = new Scope();
  on(always, "mining", (data) => {
    mining.progress = progressOf(data);
    changed();
  });
  on(always, "block", ({ origin }) => origin !== "mined" && noteFaster());
  on(always, "reorg", noteFaster);
}

/** Notes that another block came first: the node's search restarts on top of it. */
async function noteFaster() {
  if (!mining.asked) return;
  const first = await block(current().tip).catch(() => null);
  if (!mining.asked || !first) return;
  mining.overtaken = first;
  changed();
}

/** Mines a block. Returns when it is mined, refused or cancelled. */
export async function mine() {
  if (mining.asked) return;
  asking = new AbortController();
  Object.assign(mining, { asked: true, mined: null, overtaken: null, error: null });
  changed();
  try {
    const answer = await post("/mine", undefined, asking.signal);
    mining.mined = await result(toNumber(answer.index));
    await refresh();
  } catch (error) {
    if (!asking.signal.aborted) mining.error = /** @type {Error} */ (error);
  }
  Object.assign(mining, { asked: false, overtaken: null, progress: null });
  changed();
}

/** @param {number} index */
async function result(index) {
  const mined = await block(index);
  const work = await json("/mine/last").catch(() => null);
  const same = work && work.hash === mined.hash;
  return { block: mined, tries: same ? work.tries.text : "", seconds: same ? toNumber(work.seconds) : NaN };
}

/** Ends the search: the node stops when the page hangs up. */
export function cancel() {
  asking?.abort();
}

/** Forgets how the last search ended. */
export function forgetResult() {
  Object.assign(mining, { mined: null, error: null });
  changed();
}
