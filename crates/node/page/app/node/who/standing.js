// How a peer's chain compares with this node's, as a verdict.
import { current } from "../status.js";
import { t } from "../../texts/texts.js";

/** @typedef {import("./peers.js").Peer} Peer */
/** @typedef {import("./peers.js").Comparison | null} Compared */
/** @typedef {{kind: import("../../parts/verdict.js").Verdict, words: string}} Standing */

const SILENT_SECONDS = 30;
/** Outcomes of a comparison in which a peer did not answer with a chain. */
const SILENT = ["no answer", "not a ledger node", "too slow", "broken connection", "no place for a node", "unreadable answer", "busy", "failed here"];

/**
 * @param {Peer} peer @param {Compared} compared
 * @returns {Standing}
 */
export function verdictOf(peer, compared) {
  if (peer.heard !== null && peer.heard > SILENT_SECONDS) return { kind: "none", words: t("peer.silentFor", { n: peer.heard }) };
  if (peer.tip !== null && peer.height !== null) return against(current(), { height: peer.height, tip: peer.tip, fork: peer.fork, isHttp: !peer.isP2p });
  const found = compared?.outcomes.find(({ address }) => address === peer.address)?.outcome;
  return found === undefined && peer.error ? { kind: "none", words: t("peer.silent") } : fromComparison(found);
}

/**
 * How a chain compares with this node's.
 * @param {{height: number, tip: string}} ours
 * @param {{height: number, tip: string, fork: number | null, isHttp: boolean}} theirs isHttp: an HTTP peer is not asked where the
 *   chains part, so without a `fork` its chain is another one
 * @returns {Standing}
 */
export function against(ours, { height, tip, fork, isHttp }) {
  if (tip === ours.tip) return { kind: "ok", words: t("peer.inStep") };
  if (fork !== null && fork < Math.min(ours.height, height)) return { kind: "fork", words: t("peer.fork", { n: fork }) };
  if (height > ours.height) return { kind: "held", words: t("peer.ahead", { n: height - ours.height }) };
  if (fork !== null && height < ours.height) return { kind: "held", words: t("peer.behind", { n: ours.height - height }) };
  return isHttp && fork === null ? { kind: "fork", words: t("peer.otherChain") } : { kind: "none", words: t("peer.notYet") };
}

/** @param {string | undefined} outcome @returns {Standing} */
function fromComparison(outcome) {
  if (outcome === undefined) return { kind: "none", words: t("peer.notYet") };
  if (outcome === "adopted") return { kind: "ok", words: t("peer.adopted") };
  if (outcome === "not longer") return { kind: "ok", words: t("peer.notLonger") };
  if (outcome === "invalid chain") return { kind: "bad", words: t("peer.invalid") };
  return { kind: "none", words: SILENT.includes(outcome) ? t("peer.silent") : outcome };
}

/** Short words for a standing, where there is little room. @param {Standing} standing @param {number | null} fork the last block in common */
export const shortly = ({ kind, words }, fork) => (kind === "fork" && fork !== null ? t("fork.after", { n: fork }) : words);
