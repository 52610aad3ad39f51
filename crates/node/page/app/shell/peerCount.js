// How many peers are in step, for the strip. Asked at most every ten seconds, and only if there may be peers.
import { el, replace } from "../dom/el.js";
import { on } from "../node/bus.js";
import { status } from "../node/status.js";
import { peers } from "../node/who/peers.js";
import { figure } from "../parts/figures.js";
import { say } from "../texts/texts.js";

const REST_MS = 10_000;

/** @param {import("../dom/scope.js").Scope} scope */
export function peerCount(scope) {
  const box = el("b", figure(0));
  /** @type {number | undefined} */
  let timer;
  const ask = async () => {
    timer = undefined;
    if (!status || !(status.peers || status.linked !== null)) return replace(box, figure(0));
    const { shown } = await peers();
    const inStep = shown.filter(({ tip }) => tip === status?.tip).length;
    replace(box, ...(shown.length ? say("strip.inStep", { n: inStep, all: shown.length }) : [figure(0)]));
  };
  const soon = () => (timer ??= setTimeout(() => ask().catch(() => {}), REST_MS));
  for (const topic of /** @type {const} */ (["block", "reorg", "missed"])) on(scope, topic, soon);
  on(scope, "peers", () => ask().catch(() => {}));
  // Peers of the peer-to-peer network come and go without an event.
  scope.every(3 * REST_MS, () => document.hidden || soon());
  scope.onEnd(() => clearTimeout(timer));
  ask().catch(() => {});
  return box;
}
