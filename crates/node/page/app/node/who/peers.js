// Peers of both kinds, and what is known of each.
import { toNumberOrNull } from "../../core/json.js";
import { json, post } from "../client.js";
import { setName } from "./names.js";

/**
 * @typedef {object} Peer
 * @property {string} key its id in the peer-to-peer network, or its address
 * @property {string} address host:port
 * @property {string} name empty if unknown
 * @property {boolean} isHttp whether this node asks it over HTTP
 * @property {boolean} isP2p whether it is a peer in the peer-to-peer network; it may be both
 * @property {number | null} height
 * @property {string | null} tip
 * @property {number | null} fork the last block in common, if it is known
 * @property {string | null} score
 * @property {number | null} heard seconds ago
 * @property {string} error what went wrong last, empty if nothing did
 * @property {string[]} links keys of peers that it is linked to
 */

/** A p2p peer that was not heard for this long is not shown. */
const GONE_SECONDS = 600;

/** @returns {Promise<{shown: Peer[], others: number}>} the peers, and how many more are known and not shown */
export async function peers() {
  const answer = await json("/peers");
  const all = merged(answer.peers.map(peerOf));
  const shown = all.filter(({ isHttp, heard }) => isHttp || (heard !== null && heard < GONE_SECONDS));
  return { shown, others: all.length - shown.length };
}

/**
 * Merges a neighbour with the p2p peer that it says it is. What the p2p peer said counts: the network knows who said it.
 * @param {Peer[]} all neighbours first @returns {Peer[]}
 */
function merged(all) {
  const networked = new Map(all.filter(({ isP2p }) => isP2p).map((peer) => [peer.key, peer]));
  /** @type {Map<Peer, Peer>} */
  const both = new Map();
  for (const one of all) {
    const same = one.isHttp ? networked.get(one.key) : undefined;
    if (!same) continue;
    networked.delete(one.key);
    both.set(one, { ...one, ...same, isHttp: true, address: one.address, name: same.name || one.name, links: one.links, error: same.error || one.error });
    both.set(same, one);
  }
  return all.filter((peer) => peer.isHttp || !both.has(peer)).map((peer) => both.get(peer) ?? peer);
}

/** @param {any} value @returns {Peer} */
function peerOf(value) {
  const address = hostOf(value.address ?? "");
  setName(value.wallet, value.name);
  return {
    key: value.id ?? address, address, name: value.name ?? "", isHttp: value.kind !== "p2p", isP2p: value.kind === "p2p", height: toNumberOrNull(value.height),
    tip: value.tip, fork: toNumberOrNull(value.fork), score: value.score?.text ?? null, heard: toNumberOrNull(value.heard),
    error: value.last_error ?? "", links: value.links,
  };
}

/** `host:port` of an address in the peer-to-peer network. @param {string} address */
function hostOf(address) {
  const [, kind, host, port] = /^\/(ip4|ip6|dns[46]?)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  return port ? `${kind === "ip6" ? `[${host}]` : host}:${port}` : address;
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

/** Compares chains with all neighbours. @returns {Promise<Comparison>} */
export async function compare() {
  const answer = await post("/nodes/resolve");
  compared = { replaced: answer.message === "Our chain was replaced", outcomes: answer.neighbours ?? [], at: Date.now() / 1000 };
  return compared;
}
