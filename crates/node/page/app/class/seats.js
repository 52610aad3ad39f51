// The nodes of a class, in the order of joining. Each keeps its place, so that people find it again.
import { toNumberOrNull } from "../core/json.js";
import { post } from "../node/client.js";
import { setName } from "../node/who/names.js";
import { noteAddress } from "../node/who/seen.js";
import { against } from "../node/who/standing.js";
import { t } from "../texts/texts.js";
import { span } from "../parts/time.js";

/**
 * @typedef {object} Seat
 * @property {string} key
 * @property {string} kind own, http or p2p
 * @property {string} name empty if it has none
 * @property {string | null} wallet fingerprint
 * @property {string | null} account its address
 * @property {number | null} height
 * @property {string | null} tip
 * @property {number | null} fork
 * @property {number | null} mined
 * @property {string | null} balance
 * @property {number | null} at when the node last heard of it, in Unix seconds of this device
 *
 * @typedef {import("../node/who/standing.js").Standing & {isGone: boolean}} Standing
 */

const SILENT_SECONDS = 15;
const LEAVES_SECONDS = 600;
const MAX_SEATS = 1200;

/** @type {Map<string, Seat>} */
const seats = new Map();

/** Where others join, as `host:port`. @type {string[]} */
export let join = [];

/** @returns {Seat[]} */
export const all = () => [...seats.values()];

/** This node's own seat. */
export const own = () => /** @type {Seat & {height: number, tip: string}} */ (seats.get("own"));

/** Asks the node for the nodes of its network. */
export async function refresh() {
  const answer = await post("/class/nodes");
  join = answer.join;
  const fresh = /** @type {Seat[]} */ (answer.nodes.map(seatOf));
  // The nodes of the first answer have no order of joining: this node first, then by name.
  if (!seats.size) fresh.sort((one, other) => Number(other.kind === "own") - Number(one.kind === "own") || label(one).localeCompare(label(other)));
  for (const seat of fresh) if (seats.has(seat.key) || seats.size < MAX_SEATS) seats.set(seat.key, seat);
  const now = Date.now() / 1000;
  for (const { key, at } of all()) if (!fresh.some((seat) => seat.key === key) && now - (at ?? 0) > LEAVES_SECONDS) seats.delete(key);
}

/** @param {any} value @returns {Seat} */
function seatOf(value) {
  const heard = toNumberOrNull(value.heard);
  noteAddress(value.account);
  setName(value.wallet, value.name);
  return {
    key: value.key, kind: value.kind, name: value.name ?? "", wallet: value.wallet, account: value.account, height: toNumberOrNull(value.height), tip: value.tip,
    fork: toNumberOrNull(value.fork), mined: toNumberOrNull(value.mined), balance: value.balance?.text ?? null, at: heard === null ? null : Date.now() / 1000 - heard,
  };
}

/** The name on a tile. A node without one has its address, or the end of its peer id. @param {Seat} seat */
export const label = ({ name, key, kind }) => name || (kind === "own" ? location.host : kind === "p2p" ? key.slice(-8) : key);

/** @param {Seat} seat @returns {Standing} */
export function standing({ kind, height, tip, fork, at }) {
  if (at === null || height === null || tip === null) return { kind: "none", words: t("peer.silent"), isGone: true };
  const gone = Date.now() / 1000 - at;
  if (gone > SILENT_SECONDS) return { kind: "none", words: t("class.gone", { age: span(gone) }), isGone: true };
  return { ...against(own(), { height, tip, fork, isHttp: kind === "http" }), isGone: false };
}
