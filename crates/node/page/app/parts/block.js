// A block as a card: what it holds, and at its foot the domino of its own hash and the one before.
import { guessHash, minerOf, paymentsOf } from "../core/block.js";
import { el } from "../dom/el.js";
import { say, t } from "../texts/texts.js";
import { figure } from "./figures.js";
import { shortGuess, shortHash } from "./hash.js";
import { age } from "./time.js";
import { who } from "./who/who.js";

/** @typedef {import("../core/block.js").Block} Block */

/** @param {import("../dom/el.js").Child} label @param {...import("../dom/el.js").Child} value */
export const pair = (label, ...value) => el("div.kv", el("span", label), el("span", ...value));

/**
 * The two halves of a domino. The Chain view shows the block's own hash first, the Lab the previous one.
 * @param {import("../dom/el.js").Child} hash @param {import("../dom/el.js").Child} previous
 * @param {{oldestFirst?: boolean, bad?: {hash?: boolean, previous?: boolean}}} [options]
 */
export function domino(hash, previous, { oldestFirst = false, bad = {} } = {}) {
  const own = el(bad.hash ? "div.half-bad" : "div", el("dt", t("block.hash")), el("dd", hash));
  const before = el(bad.previous ? "div.half-bad" : "div", el("dt", t("block.previous")), el("dd", previous));
  return el("dl.domino", oldestFirst ? [before, own] : [own, before]);
}

/** The link between two blocks, which says whether their hashes agree. @param {"" | "next" | "bad"} [kind] */
export function link(kind = "") {
  const sign = kind === "bad" ? [el("span.vh", t("block.isNot")), el("span", { "aria-hidden": "true" }, "≠")] : ["="];
  return el(`div.link${kind && `.link-${kind}`}`, kind === "bad" ? {} : { "aria-hidden": "true" }, el("span", sign));
}

/** @param {Block} block */
export const blockLink = (block) => `#/block/${block.hash}`;

/**
 * @param {Block} block @param {Block | undefined} previous @param {number} asked zeros
 * @param {{tab?: string, old?: boolean, classes?: string}} [options]
 */
export function blockCard(block, previous, asked, { tab, old = false, classes = "" } = {}) {
  return el(`a.block${old ? ".block-old" : ""}${classes}`, { href: blockLink(block), "data-hash": block.hash },
    tab && el("span.block-tab", tab),
    el("div.block-head", el("b", say("block.name", { n: block.index })), el("span.tiny.muted", age(block.time, block.timestamp))),
    block.previousHash === "1" ? genesisBody() : body(block, previous, asked),
    domino(shortHash(block.hash), shortHash(block.previousHash)));
}

const genesisBody = () =>
  el("div.block-body", el("div.kv-wide", el("span.tag", t("block.genesis"))), el("p.kv-wide.muted", t("block.genesisMore")));

/** @param {Block} block @param {Block | undefined} previous @param {number} asked */
function body(block, previous, asked) {
  return el("div.block-body",
    el("div.nowrap", previous ? shortGuess(guessHash(previous, block.proof), asked) : el("span.skel.skel-2")),
    pair(t("block.proof"), figure(block.proof)),
    pair(t("block.payments"), figure(paymentsOf(block).length)),
    pair(t("block.minedBy"), who(minerOf(block), { link: false, print: false })));
}

/** A small card: name and domino only. @param {Block} block @param {string} note @param {boolean} isThis */
export const miniCard = (block, note, isThis) =>
  el(`a.block${isThis ? ".block-changed" : ""}`, { href: blockLink(block), "aria-current": isThis && "true" },
    el("div.block-head", el("b", say("block.name", { n: block.index })), el("span.tiny.muted", note)),
    domino(shortHash(block.hash), shortHash(block.previousHash)));
