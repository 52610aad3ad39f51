// Below the Lab's chain: why a block is broken, with both sides, and what the lie costs.
import { el } from "../../dom/el.js";
import { expectedTries } from "../../node/status.js";
import { figure } from "../../parts/figures.js";
import { fullHash } from "../../parts/hash.js";
import { notice } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { ZEROS, hashOf, paymentsIn, previousOf, sampleChain } from "../model/sample.js";

/**
 * @param {any} page the page of the Lab, with its chain, its verdicts and the actions of its buttons
 * @returns {import("../../dom/el.js").Child[]}
 */
export function whyPanel(page) {
  const { chain, broken, verdicts, mining } = page;
  if (!broken) return [head(t("lab.chainWhole")), el("div.panel-body.stack-s", el("p.muted", t(verdicts.every((/** @type {any} */ each) => each.verdict === "valid") ? "lab.chainWholeMore" : "lab.chainUnchecked")), putBack(page))];
  const { says } = verdicts[broken - 1];
  const button = mining
    ? el("button.btn", { type: "button", onclick: () => mining.abort() }, t("mine.cancel"))
    : el("button.btn.btn-work", { type: "button", "data-act": "remine", onclick: () => page.remine() }, t("lab.chainRemine", { n: broken }));
  const next = broken < chain.blocks.length ? t("lab.chainNextBreaks", { n: broken, next: broken + 1 }) : t("lab.chainLast", { n: broken });
  return [head(t("lab.chainWhy", { n: broken })), el("div.panel-body.stack-s",
    !chain.fits(broken) && sides(chain, broken),
    says && notice("bad", "", t("lab.chainNode"), " ", el("span.said", says)),
    el("div.row", button, putBack(page), el("span.small.muted", next)))];
}

/** @param {string} title */
const head = (title) => el("div.panel-head", el("h2", { id: "why" }, title));

/** @param {any} page */
function putBack(page) {
  const [index] = page.chain.changedBlocks;
  if (!index) return null;
  const words = page.chain.isAmountOnly(index)
    ? t("lab.chainPutBack", { amount: String(paymentsIn(sampleChain()[index - 1])[0].amount) }) : t("lab.chainPutBlock", { n: index });
  return el("button.btn", { type: "button", onclick: () => page.putBack() }, words);
}

/** @param {import("./tampered.js").Tampered} chain @param {number} index */
const sides = (chain, index) => el("div.sides",
  el("span.muted.small", t("lab.chainSays", { n: index })), fullHash(previousOf(chain.blocks[index - 1])),
  el("span"), el("span.ne", { role: "img", "aria-label": t("block.isNot") }, "≠"),
  el("span.muted.small", t("lab.chainHashes", { n: index - 1 })), fullHash(hashOf(chain.blocks[index - 2])));

/** @param {import("./tampered.js").Tampered} chain @param {number} tries */
export function costPanel(chain, tries) {
  const [first] = chain.changedBlocks;
  const all = first ? chain.blocks.length - first : Math.max(chain.mined.size, 0);
  return [el("div.panel-head", el("h2", { id: "co" }, t("lab.costTitle"))),
    el("div.meter",
      el("div", el("b", chain.mined.size, el("span.muted", ` / ${all}`)), el("small", t("lab.costBlocks"))),
      el("div", el("b", figure(tries)), el("small", t("lab.costTries"))),
      el("div", el("b", figure(all * expectedTries(ZEROS))), el("small", t("lab.costExpected")))),
    el("div.panel-foot", say("lab.costMore"))];
}
