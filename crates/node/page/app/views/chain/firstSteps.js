// First steps, for a short chain. The state of the node ticks them; a solved page of the Lab ticks the last one.
import { paymentsOf } from "../../core/block.js";
import { el, replace } from "../../dom/el.js";
import { page } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { current } from "../../node/status.js";
import { figure } from "../../parts/figures.js";
import { symbol } from "../../parts/verdict.js";
import { keep, kept } from "../../texts/kept.js";
import { say, t } from "../../texts/texts.js";

/** In a longer chain nobody needs the first steps. */
const MAX_HEIGHT = 32;

/** @param {import("../../dom/scope.js").Scope} scope */
export function firstSteps(scope) {
  const box = el("section.panel", { "aria-labelledby": "st", hidden: true });
  const draw = async () => {
    if (kept("first-steps") === "hidden" || current().height > MAX_HEIGHT) return void (box.hidden = true);
    const steps = await all();
    if (!scope.isOpen) return;
    box.hidden = steps.every((step) => step.done);
    replace(box, head(box), el("ol", steps.map((step, at) => row(step, at === steps.findIndex((each) => !each.done)))));
  };
  on(scope, "block", draw);
  on(scope, "pool", draw);
  on(scope, "peers", draw);
  draw();
  return box;
}

/** @param {HTMLElement} box */
const head = (box) => el("div.panel-head", el("h2", { id: "st" }, t("first.title")), el("span.small.muted", t("first.real")),
  el("button.btn.btn-bare.btn-s.push", { type: "button", onclick: () => {
    keep("first-steps", "hidden");
    box.hidden = true;
  } }, t("first.hide")));

/** @typedef {{key: string, done: boolean, link?: [string, string]}} Step */

/** @returns {Promise<Step[]>} */
async function all() {
  const { height, pool, peers, linked } = current();
  const blocks = await page(1).catch(() => []);
  const paid = pool > 0 || blocks.some((block) => paymentsOf(block).length > 0);
  const changed = (kept("solved") ?? "").split(" ").includes("chain");
  return [
    { key: "mine", done: height > 1 },
    { key: "pay", done: paid, link: ["#/pay", "nav.pay"] },
    { key: "join", done: peers > 0 || Boolean(linked), link: ["#/network", "nav.network"] },
    { key: "past", done: changed, link: ["#/lab/chain", "nav.lab"] },
  ];
}

/** @param {Step} step @param {boolean} isNow */
function row({ key, done, link }, isNow) {
  const end = link ? el("a.btn.btn-s", { href: link[0] }, t(link[1])) : el("span.small.muted", done ? "" : t("first.press", { n: current().height + 1 }));
  return el(`li.start${isNow ? ".start-now" : ""}`, symbol(done ? "ok" : "none"),
    el("div", el("b", t(`first.${key}`)), done && el("span.vh", t("first.done")), el("p.small.muted", say(`first.${key}More`, { n: current().difficulty, reward: figure(current().reward) }))), end);
}
