// The payments of a block, with amounts as they are hashed.
import { paymentsOf } from "../../core/block.js";
import { canonical } from "../../core/canonical.js";
import { el } from "../../dom/el.js";
import { wraps } from "../../parts/figures.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

const STEP = 200;
/** The most characters of an amount that are shown: a Python node's chain may hold any. */
const MOST_OF_AN_AMOUNT = 80;

/** @param {import("../../core/block.js").Block} block */
export function paymentsPanel(block) {
  const paid = paymentsOf(block).length;
  const rewards = block.payments.length - paid;
  const head = el("div.panel-head", el("h2", { id: "pm" }, t("block.payments")),
    el("span.push.small.muted", say("block.paid", { n: paid }), ", ", say("block.rewards", { n: rewards })));
  const body = el("tbody");
  const more = el("div.panel-foot");
  let shown = 0;
  const grow = () => {
    body.append(...block.payments.slice(shown, shown + STEP).map((payment, at) => row(payment, shown + at + 1)));
    shown = Math.min(block.payments.length, shown + STEP);
    more.hidden = shown === block.payments.length;
  };
  more.append(el("button.btn.btn-s", { type: "button", onclick: grow }, t("block.more")));
  grow();
  const table = el("table.cards.pays", el("thead", el("tr", el("th", "#"), el("th", t("pay.from")), el("th", el("span.vh", t("pay.pays"))),
    el("th", t("pay.to")), el("th.right", t("block.asHashed")))), body);
  const empty = el("div.panel-body.muted.small", t("block.noPayments"));
  return el("section.panel", { "aria-labelledby": "pm" }, head, block.payments.length ? table : empty, more);
}

/** @param {import("../../core/block.js").Payment} payment @param {number} place */
function row({ sender, recipient, amount }, place) {
  const hashed = canonical(amount ?? null).slice(0, MOST_OF_AN_AMOUNT);
  return el("tr", el("td.drop", place), el("td.names", who(sender)), el("td.faint.drop", { "aria-hidden": "true" }, "→"),
    el("td.to.names", who(recipient, { isPayee: true })), el(`td.right${wraps(hashed)}`, el("span.hex.strong", hashed)));
}
