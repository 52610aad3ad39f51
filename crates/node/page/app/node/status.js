// What the page knows of its node: the last answer of /status, updated by events.
import { Numeral, toNumber } from "../core/json.js";
import { setClock } from "../parts/time.js";
import { publish } from "./bus.js";
import { json } from "./client.js";
import { setOwnName } from "./who/names.js";

/**
 * @typedef {object} Status
 * @property {number} height
 * @property {string} tip hash of the last block
 * @property {number} difficulty zeros asked for
 * @property {string} reward as it is hashed
 * @property {string} rules
 * @property {string} name of the node, or its host if it has none
 * @property {string} fingerprint of its wallet
 * @property {string} address of its wallet, empty if the node does not say
 * @property {boolean} owner whether this page may mine
 * @property {number} pool payments that wait
 * @property {number} peers HTTP peers
 * @property {number | null} linked p2p peers that are connected; null if it is not in the peer-to-peer network
 */

/** @type {Status | null} */
export let status = null;

/** @param {any} answer @returns {Status} */
function statusOf(answer) {
  const described = /difficulty (\d+)/.exec(answer.rules?.description ?? "");
  return {
    height: toNumber(answer.height),
    tip: answer.tip,
    difficulty: answer.difficulty instanceof Numeral ? toNumber(answer.difficulty) : Number(described?.[1] ?? 4),
    reward: answer.reward instanceof Numeral ? answer.reward.text : String(answer.reward ?? "1"),
    rules: answer.rules?.name ?? "",
    name: answer.name || location.host,
    fingerprint: answer.wallet,
    address: answer.address ?? "",
    owner: answer.owner ?? isLocal(),
    pool: toNumber(answer.pool?.count),
    peers: toNumber(answer.neighbours),
    linked: answer.p2p ? toNumber(answer.p2p.connected) : null,
  };
}

/** Whether the page was opened on the node's own machine. */
export const isLocal = () => /^(localhost|127\.|\[::1\])/.test(location.hostname);

/**
 * Reads /status, and publishes it.
 * @returns {Promise<Status>}
 */
export async function refresh() {
  const answer = await json("/status");
  const before = status;
  const known = statusOf(answer);
  if (answer.time instanceof Numeral) setClock(toNumber(answer.time));
  status = known;
  setOwnName(known.fingerprint, known.name);
  publish("status", known);
  // The feed may be late or gone, so the block is published here.
  if (before && before.tip !== known.tip) publish("block", { height: known.height, count: known.height - before.height });
  return known;
}

/**
 * Updates the status from an event.
 * @param {Partial<Status>} changes
 */
export function amend(changes) {
  if (!status) return;
  status = { ...status, ...changes };
  publish("status", status);
}

/** The status, which a view may rely on: it is read before the first view is shown. */
export function current() {
  if (!status) throw new Error("the status is not read yet");
  return status;
}

/** The tries that a puzzle takes on average. @param {number} zeros */
export const expectedTries = (zeros) => 16 ** zeros;
