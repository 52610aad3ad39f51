// The largest balances, as the node adds them up.
import { el, replace } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { wallets } from "../../node/who/wallets.js";
import { plainBar } from "../../parts/bars.js";
import { figure, wraps } from "../../parts/figures.js";
import { who } from "../../parts/who/who.js";
import { t } from "../../texts/texts.js";

const SHOWN = 6;
const REST_MS = 3000;

/**
 * A balance as the length of a bar: 0 if it is not a finite number.
 * @param {string} balance
 */
const length = (balance) => (Number.isFinite(Number(balance)) ? Number(balance) : 0);

/** @param {import("../../dom/scope.js").Scope} scope */
export function balancesPanel(scope) {
  const body = el("tbody");
  const node = el("section.panel", { "aria-labelledby": "c4", hidden: true },
    el("div.panel-head", el("h2", { id: "c4" }, t("chart.balances")), el("span.push.small.muted", t("chart.balancesNote"))), el("table", body));
  /** @type {number | undefined} */
  let timer;
  const draw = async () => {
    timer = undefined;
    const balances = await wallets("", SHOWN).catch(() => []);
    if (!scope.isOpen) return;
    node.hidden = balances.length === 0;
    const top = Math.max(...balances.map(({ balance }) => length(balance)), 1e-9);
    replace(body, ...balances.map(({ address, balance }) =>
      el("tr", el("td.names", who(address)), el("td.bar-cell", plainBar(length(balance) / top)), el(`td.right.strong${wraps(balance)}`, figure(balance)))));
  };
  const soon = () => (timer ??= setTimeout(draw, REST_MS));
  on(scope, "block", soon);
  on(scope, "reorg", soon);
  scope.afterPaint(draw);
  return node;
}
