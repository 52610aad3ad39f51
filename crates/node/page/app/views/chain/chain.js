// The Chain view: the next block, the newest six as dominoes, a list of all, the pool, three charts, and the largest balances.
import { el, replace } from "../../dom/el.js";
import { range } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { current } from "../../node/status.js";
import { say, t } from "../../texts/texts.js";
import { balancesPanel } from "./balances.js";
import { chartPanels } from "./charts.js";
import { firstSteps } from "./firstSteps.js";
import { blockList } from "./list.js";
import { newest } from "./newest.js";
import { miningResult } from "./next.js";
import { poolPanel } from "./pool.js";

/** The newest blocks, which the cards, the list and the charts share: enough for the first screen of each. */
const FIRST = 64;

/** @param {import("../../shell/router.js").Place} place */
export async function show({ scope }) {
  const list = blockList(scope);
  const blocks = range(current().height - FIRST + 1, FIRST).catch(() => []);
  const [cards, pool] = await Promise.all([blocks.then(() => newest(scope)), poolPanel(scope)]);
  const node = el("div.stack",
    el("section.stack-s", { "aria-labelledby": "h" }, heading(scope), cards, miningResult(scope)),
    firstSteps(scope),
    el("div.cols", list.node, el("div.stack", pool, chartPanels(scope), balancesPanel(scope))));
  return { title: t("nav.chain"), node, restored: list.draw };
}

/** @param {import("../../dom/scope.js").Scope} scope */
function heading(scope) {
  const words = el("span.muted.small");
  const draw = () => {
    const { height } = current();
    replace(words, height === 1 ? t("chain.first") : [...say("chain.count", { n: height }), " ", el("span.nowrap", t("chain.how"))]);
  };
  on(scope, "status", draw);
  draw();
  return el("div.row", el("h1", { id: "h" }, t("chain.title")), words);
}
