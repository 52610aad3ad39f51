// The payments that wait for a block.
import { signedAmount } from "../../core/block.js";
import { el, replace } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { firstOfPool } from "../../node/pool.js";
import { figure, wraps } from "../../parts/figures.js";
import { refusal } from "../../parts/refusal.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

const SHOWN = 12;

/** @param {import("../../dom/scope.js").Scope} scope */
export async function poolPanel(scope) {
  const count = el("span.small.muted");
  const body = el("div");
  const draw = async () => {
    const first = await firstOfPool(SHOWN).catch((error) => error);
    if (!scope.isOpen) return;
    if (first instanceof Error) return replace(body, refusal(first));
    replace(count, first.count > 0 && say("pool.count", { n: first.count }));
    replace(body, first.count ? table(first.payments, first.count) : empty());
  };
  on(scope, "pool", draw);
  on(scope, "missed", draw);
  await draw();
  return el("section.panel", { "aria-labelledby": "po" },
    el("div.panel-head", el("h2", { id: "po", tabindex: -1 }, t("pool.title")), count, el("a.push.small", { href: "#/pay" }, t("pool.send"))), body);
}

/** @param {import("../../core/block.js").Payment[]} payments @param {number} count of all */
function table(payments, count) {
  const more = count - payments.length;
  return [
    el("table.pool", el("thead.vh", el("tr", el("th", t("pay.from")), el("th", t("pay.to")), el("th", t("pay.amount")))),
      el("tbody", payments.map(row))),
    more > 0 && el("div.panel-foot", say("pool.more", { n: more })),
  ];
}

/** @param {import("../../core/block.js").Payment} payment */
function row({ sender, recipient, amount }) {
  const signed = signedAmount(amount);
  return el("tr", el("td.names", who(sender)),
    el("td.names", el("span.row.nowrap-row", el("span.muted", { "aria-hidden": "true" }, "→"), who(recipient, { isPayee: true }))),
    el(`td.right.strong${wraps(signed)}`, figure(signed)));
}

const empty = () => el("div.panel-body", el("div.empty", el("b", t("pool.empty")), el("span.muted.small", t("pool.emptyMore")),
  el("a.btn.btn-s", { href: "#/pay" }, t("pool.send"))));
