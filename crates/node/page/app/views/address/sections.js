// The sections of an address' view.
import { walletOf } from "../../core/address.js";
import { el } from "../../dom/el.js";
import { current } from "../../node/status.js";
import { blockLink } from "../../parts/block.js";
import { chart } from "../../parts/chart.js";
import { code } from "../../parts/code.js";
import { copyButton } from "../../parts/copyButton.js";
import { figure, wraps } from "../../parts/figures.js";
import { age } from "../../parts/time.js";
import { shown } from "../../parts/who/foreign.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

/** @typedef {import("./account.js").Account} Account */
/** @typedef {import("./account.js").Entry} Entry */

/** @param {import("../../dom/scope.js").Scope} scope @param {Account} account @param {HTMLElement} waiting what waits in the pool */
export const sections = (scope, account, waiting) => [
  meter(account, waiting),
  el("div.cols", history(account), el("div.stack", curve(scope, account), textPanel(account.address), seen(account))),
];

/** @param {Account} account @param {HTMLElement} waiting */
function meter({ received, sent, balance, inCount, outCount, isWhole, uncounted }, waiting) {
  const part = (/** @type {string} */ key, /** @type {any} */ value, /** @type {any} */ note) =>
    el("div", el("small", t(key)), el("b", value), el("small", note));
  return el("section.panel.meter", { "aria-label": t("address.balance") },
    part("address.received", figure(received), isWhole && say("address.inCount", { n: inCount })),
    part("address.sent", ["− ", figure(sent)], isWhole && say("address.outCount", { n: outCount })),
    part("address.balance", ["= ", figure(balance)], [waiting, uncounted ? [" · ", ...say("address.uncounted", { n: uncounted })] : ""]));
}

/** @param {Account} account */
function history({ entries, length, isWhole }) {
  const table = el("table.cards", el("thead", el("tr", el("th", t("chain.block")), el("th", t("address.when")), el("th", t("address.other")),
    el("th.right", t("pay.amount")), el("th.right", t("address.after")))), el("tbody", entries.map(row)));
  const foot = !entries.length ? t("address.nothing") : isWhole ? say("address.firstSeen", { n: entries[entries.length - 1].index }) : say("address.newest", { n: entries.length });
  return el("section.panel", { "aria-labelledby": "hi" },
    el("div.panel-head", el("h2", { id: "hi" }, t("address.history")), el("span.push.small.muted", say("address.count", { n: length }))),
    entries.length > 0 && table, el("div.panel-foot", foot));
}

/** @param {Entry} entry */
function row({ block, index, kind, other, amount, after }) {
  const sign = kind === "in" ? "+" : kind === "out" ? "−" : "";
  return el("tr",
    el("td", el("a.strong", { href: block ? blockLink(block) : `#/block/${index}` }, figure(index))),
    el("td.nowrap", block ? age(block.time, block.timestamp) : "–"),
    el("td.names", el("span.muted", t(`address.${kind === "out" ? "toWhom" : kind === "in" ? "fromWhom" : "itself"}`)), " ", kind !== "self" && who(other, { isPayee: kind === "out" })),
    el(`td.right.strong${wraps(amount)}`, sign, figure(amount)), el(`td.right.muted.after${wraps(after ?? "")}`, { "data-label": t("address.balanceWord") }, after === null ? "–" : figure(after)));
}

/** @param {import("../../dom/scope.js").Scope} scope @param {Account} account */
function curve(scope, { entries, isWhole }) {
  if (!entries.length || !isWhole) return null;
  const points = balances(entries, current().height);
  const ys = points.map(([, balance]) => Number(balance));
  const [low, high] = [Math.min(...ys), Math.max(...ys)].map((value) => points[ys.indexOf(value)][1]);
  const { box, draw } = chart(scope);
  draw({ xs: points.map(([index]) => index), ys, kind: "steps" }, t("address.curveLabel", { low, high }));
  const ends = el("div.row.tiny.muted.chart-ends", [points[0], points[points.length - 1]].map(([index]) => el("span", t("chart.block"), " ", figure(index))));
  return el("section.panel", { "aria-labelledby": "cu" }, el("div.panel-head", el("h2", { id: "cu" }, t("address.curve"))),
    el("div.panel-body", el("div.tiny.muted.wrap", figure(high)), box, ends));
}

/**
 * The balance after each block that changed it, from the genesis to the end of the chain.
 * @param {Entry[]} entries newest first @param {number} height @returns {[number, string][]}
 */
function balances(entries, height) {
  const after = new Map([[1, "0"], ...entries.toReversed().map(({ index, after: balance }) => /** @type {[number, string]} */ ([index, balance ?? "0"]))]);
  return [...after, ...(after.has(height) ? [] : [/** @type {[number, string]} */ ([height, [...after.values()].at(-1) ?? "0"])])];
}

/** @param {string} address */
function textPanel(address) {
  return el("section.panel", el("div.panel-head", el("h2", t("address.title")), el("span.small.muted", say("address.length", { n: address.length })),
    el("span.push", copyButton(address, t("copy.address")))),
  el("div.panel-body.stack-s", code(t("address.title"), shown(address)), walletOf(address) && el("p.small.muted", t("address.key"))));
}

/** @param {Account} account */
function seen({ entries, isWhole, mined }) {
  if (!entries.length) return null;
  const place = (/** @type {Entry} */ { block, index }) => [el("a", { href: `#/block/${index}` }, say("address.block", { n: index })), block && [", ", age(block.time, block.timestamp)]];
  return el("section.panel", el("div.panel-head", el("h2", t("address.seen"))), el("div.panel-body", el("dl.facts",
    isWhole && [el("dt", t("address.first")), el("dd", place(entries[entries.length - 1]))],
    el("dt", t("address.last")), el("dd", place(entries[0])),
    el("dt", t("chain.mined")), el("dd", say(isWhole ? "address.minedCount" : "address.minedAtLeast", { n: mined })))));
}
