// The line beside the title of Network: how many peers are in step, and who holds another chain.
import { current } from "../../node/status.js";
import { forksBeside } from "../../parts/who/forks.js";
import { say, t } from "../../texts/texts.js";

/** @typedef {import("../../node/who/peers.js").Peer & {verdict: import("../../node/who/standing.js").Standing}} Judged */

/** @param {Judged[]} peers */
export function inWords(peers) {
  if (!peers.length) return say("network.none");
  const { tip, height } = current();
  const inStep = peers.filter((peer) => peer.tip === tip).length;
  const known = peers.some((peer) => peer.tip !== null);
  const forks = peers.filter(({ verdict }) => verdict.kind === "fork").map((peer) => ({ ...peer, name: peer.name || peer.address }));
  return [
    ...(known ? say("network.inStep", { n: inStep, all: peers.length }) : say("network.count", { n: peers.length })),
    ...forksBeside(height, forks).flatMap(({ words }) => [" ", ...words, t("fork.end")]),
  ];
}
