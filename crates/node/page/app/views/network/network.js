// Network: who is linked to whom, adding a peer, comparing chains, and the peers of both kinds.
import { el, replace } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { compared, peers } from "../../node/who/peers.js";
import { current } from "../../node/status.js";
import { t } from "../../texts/texts.js";
import { addPanel } from "./add.js";
import { comparePanel } from "./compare.js";
import { mapPanel } from "./map.js";
import { syncPanel } from "./sync.js";
import { peersPanel } from "./table.js";
import { verdictOf } from "../../node/who/standing.js";
import { inWords } from "./words.js";

const REST_MS = 5000;

/** @param {import("../../shell/router.js").Place} place */
export async function show({ scope }) {
  const words = el("span.muted.small");
  const map = mapPanel();
  const table = peersPanel(() => draw());
  const draw = async () => {
    const { shown, others } = await peers();
    if (!scope.isOpen) return;
    const judged = shown.map((peer) => ({ ...peer, verdict: verdictOf(peer, compared) }));
    replace(words, ...inWords(judged));
    map.draw(judged);
    table.draw(shown, compared, others);
  };
  await draw();
  const again = () => draw().catch(() => {});
  on(scope, "peers", again);
  on(scope, "block", again);
  on(scope, "reorg", again);
  on(scope, "status", again);
  scope.every(REST_MS, again);
  const node = el("div.stack",
    el("div.row", el("h1", t("nav.network")), words), syncPanel(scope),
    el("div.cols.cols-fill", map.node, el("div.stack", current().owner && addPanel(again), comparePanel(again))), table.node);
  return { title: t("nav.network"), node };
}
