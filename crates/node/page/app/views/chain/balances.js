// The largest balances among the addresses that the newest blocks name. The node adds them up.
import { Numeral } from "../../core/json.js";
import { el, replace } from "../../dom/el.js";
import { PAGE, range } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { json } from "../../node/client.js";
import { current } from "../../node/status.js";
import { plainBar } from "../../parts/bars.js";
import { figure } from "../../parts/figures.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

/** Addresses that are asked for, and shown. */
const ASKED = 16, SHOWN = 6;
const REST_MS = 3000;

/** @typedef {{address: string, sum: string}} Balance */

/** @param {import("../../dom/scope.js").Scope} scope */
export function balancesPanel(scope) {
  const body = el("tbody");
  const note = el("span.push.small.muted");
  const node = el("section.panel", { "aria-labelledby": "c4", hidden: true },
    el("div.panel-head", el("h2", { id: "c4" }, t("chart.balances")), note), el("table", body));
  /** @type {number | undefined} */
  let timer;
  const draw = async () => {
    timer = undefined;
    const balances = await largest().catch(() => []);
    if (!scope.isOpen) return;
    node.hidden = balances.length === 0;
    const top = Math.max(...balances.map(({ sum }) => Number(sum)), 1e-9);
    replace(note, ...say("chart.balancesNote", { n: Math.min(PAGE, current().height) }));
    replace(body, ...balances.map(({ address, sum }) =>
      el("tr", el("td", who(address)), el("td", plainBar(Number(sum) / top)), el("td.right.strong", figure(sum)))));
  };
  const soon = () => (timer ??= setTimeout(draw, REST_MS));
  on(scope, "block", soon);
  on(scope, "reorg", soon);
  draw();
  return node;
}

/** @returns {Promise<Balance[]>} */
async function largest() {
  const blocks = await range(Math.max(1, current().height - PAGE + 1), PAGE);
  const named = blocks.reverse().flatMap((block) => block.payments.flatMap(({ sender, recipient }) => [recipient, sender]));
  const addresses = [...new Set(named)].filter((address) => typeof address === "string" && address !== "0").slice(0, ASKED);
  const balances = await Promise.all(addresses.map(balance));
  return balances.sort((a, b) => Number(b.sum) - Number(a.sum)).slice(0, SHOWN);
}

/** @param {string} address @returns {Promise<Balance>} */
async function balance(address) {
  const answer = await json(`/addresses/${encodeURIComponent(address)}?limit=1`);
  return { address, sum: answer.sum instanceof Numeral ? answer.sum.text : "0" };
}
