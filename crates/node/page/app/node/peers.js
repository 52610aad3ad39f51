// Peers: those that /nodes lists, and what is known of each.
import { Numeral, small } from "../core/json.js";
import { json, post } from "./client.js";

/**
 * @typedef {object} Peer
 * @property {string} address host:port
 * @property {string} name empty if unknown
 * @property {"HTTP" | "p2p"} kind
 * @property {number | null} height
 * @property {string | null} tip
 * @property {number | null} fork the last block in common, if it is on another branch
 * @property {string | null} score
 * @property {number | null} heard seconds ago
 * @property {string[]} links addresses of peers that it is linked to
 */

/** @returns {Promise<Peer[]>} */
export async function peers() {
  const { nodes } = await json("/nodes");
  return nodes.map((/** @type {string} */ address) => peerOf({ address }));
}

/** @param {any} value @returns {Peer} */
function peerOf(value) {
  const number = (/** @type {any} */ each) => (each instanceof Numeral ? small(each) : null);
  return {
    address: String(value.address), name: value.name ?? "", kind: value.kind === "p2p" ? "p2p" : "HTTP", height: number(value.height),
    tip: value.tip ?? null, fork: number(value.fork), score: value.score?.text ?? null, heard: number(value.heard), links: value.links ?? [],
  };
}

/** @param {string} address */
export const register = (address) => post("/nodes/register", JSON.stringify({ nodes: [address] }));

/** @param {string} address */
export const remove = (address) => json(`/nodes/${encodeURIComponent(address)}`, { method: "DELETE" });

/**
 * @typedef {{address: string, outcome: string, reason: string}} Outcome
 * @typedef {{replaced: boolean, outcomes: Outcome[], at: number}} Comparison
 */

/** The last comparison of chains in this page. @type {Comparison | null} */
export let compared = null;

/** Compares chains with all peers. @returns {Promise<Comparison>} */
export async function compare() {
  const answer = await post("/nodes/resolve");
  compared = { replaced: answer.message === "Our chain was replaced", outcomes: answer.neighbours ?? [], at: Date.now() / 1000 };
  return compared;
}
