// How many peers are in step, for the strip. Asks the node only if it may have peers: at once when they change, otherwise at most
// every ten seconds.
import { el, replace } from "../dom/el.js";
import { on } from "../node/bus.js";
import { status } from "../node/status.js";
import { peers } from "../node/who/peers.js";
import { say, t } from "../texts/texts.js";

const REST_MS = 10_000;

/** @param {import("../dom/scope.js").Scope} scope */
export function peerCount(scope) {
  const box = el("b", t("strip.noPeers"));
  /** @type {number | undefined} */
  let timer;
  const draw = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (!status || !(status.peers || status.linked !== null)) return replace(box, t("strip.noPeers"));
    const { shown } = await peers();
    const inStep = shown.filter(({ tip }) => tip === status?.tip).length;
    replace(box, ...(shown.length ? say("strip.inStep", { n: inStep, all: shown.length }) : [t("strip.noPeers")]));
    // A peer reports its new tip a moment after this node has it.
    if (inStep < shown.length && !document.hidden) soon();
  };
  // The count stays while the node does not answer.
  const ask = () => draw().catch(() => {});
  const soon = () => (timer ??= setTimeout(ask, REST_MS));
  for (const topic of /** @type {const} */ (["block", "reorg", "missed"])) on(scope, topic, soon);
  on(scope, "peers", ask);
  // Peers of the peer-to-peer network come and go without an event.
  scope.every(3 * REST_MS, () => document.hidden || soon());
  scope.onEnd(() => clearTimeout(timer));
  ask();
  return box;
}
