// How a peer stands against this node, in a verdict.
import { current } from "../../node/status.js";
import { say, t } from "../../texts/texts.js";

/** @typedef {import("../../node/peers.js").Peer} Peer */
/** @typedef {import("../../node/peers.js").Comparison | null} Compared */
/** @typedef {{kind: import("../../parts/verdict.js").Verdict, words: string}} Standing */

const SILENT_SECONDS = 30;
/** Outcomes of a comparison in which a peer did not answer with a chain. */
const SILENT = ["no answer", "not a ledger node", "too slow", "broken connection", "no place for a node", "unreadable answer", "busy", "failed here"];

/**
 * @param {Peer} peer @param {Compared} compared
 * @returns {Standing}
 */
export function verdictOf(peer, compared) {
  const { height, tip } = current();
  if (peer.heard !== null && peer.heard > SILENT_SECONDS) return { kind: "none", words: t("peer.silentFor", { n: peer.heard }) };
  if (peer.tip === tip) return { kind: "ok", words: t("peer.inStep") };
  if (peer.fork !== null) return { kind: "fork", words: t("peer.fork", { n: peer.fork }) };
  if (peer.height !== null && peer.height < height) return { kind: "held", words: t("peer.behind", { n: height - peer.height }) };
  if (peer.height !== null) return { kind: "held", words: t("peer.ahead", { n: peer.height - height }) };
  return fromComparison(compared?.outcomes.find(({ address }) => address === peer.address)?.outcome);
}

/** @param {string | undefined} outcome @returns {Standing} */
function fromComparison(outcome) {
  if (outcome === undefined) return { kind: "none", words: t("peer.notYet") };
  if (outcome === "adopted") return { kind: "ok", words: t("peer.adopted") };
  if (outcome === "not longer") return { kind: "ok", words: t("peer.notLonger") };
  if (outcome === "invalid chain") return { kind: "bad", words: t("peer.invalid") };
  return { kind: "none", words: SILENT.includes(outcome) ? t("peer.silent") : outcome };
}

/** The line beside the title. @param {Peer[]} peers */
export function inWords(peers) {
  if (!peers.length) return say("network.none");
  const inStep = peers.filter((peer) => peer.tip === current().tip).length;
  const known = peers.some((peer) => peer.tip !== null);
  return known ? say("network.inStep", { n: inStep, all: peers.length }) : say("network.count", { n: peers.length });
}
