// A row of the list of blocks.
import { guessHash, minerOf, paymentsOf } from "../../core/block.js";
import { el } from "../../dom/el.js";
import { current, expectedTries } from "../../node/status.js";
import { triesBar } from "../../parts/bars.js";
import { blockLink } from "../../parts/block.js";
import { figure } from "../../parts/figures.js";
import { shortGuess, shortHash } from "../../parts/hash.js";
import { age } from "../../parts/time.js";
import { who } from "../../parts/who/who.js";
import { t } from "../../texts/texts.js";

/** @typedef {import("../../core/block.js").Block} Block */

/** The tries that a proof took: every number from 0 up to it. @param {string} proof */
export const triesOf = (proof) => (/^\d+$/.test(proof) ? BigInt(proof) + 1n : 0n);

/**
 * @param {Block} block @param {Block | undefined} previous @param {number} place in the list, from 1
 */
export function blockRow(block, previous, place) {
  const first = block.previousHash === "1";
  return el("tr", { "data-row": block.index, "aria-rowindex": place + 1 },
    el("td", el("a.strong", { href: blockLink(block) }, figure(block.index))),
    el("td.nowrap", age(block.time, block.timestamp)),
    ...(first ? [el("td.muted", t("chain.noPuzzle")), el("td.right.faint", "–"), el("td.drop")] : work(block, previous)),
    el("td.right.drop", figure(paymentsOf(block).length)),
    el("td.drop.names", first ? "–" : who(minerOf(block))),
    el("td.drop", shortHash(block.hash)));
}

/** @param {Block} block @param {Block | undefined} previous */
function work(block, previous) {
  const { difficulty } = current();
  const tries = triesOf(block.proof);
  const guess = previous ? shortGuess(guessHash(previous, block.proof), difficulty) : el("span.skel.skel-2");
  return [el("td.nowrap", guess), el("td.right.tries", figure(tries)), el("td.drop", triesBar(Number(tries) / expectedTries(difficulty)))];
}

/** A row whose block is on its way. @param {number} index @param {number} place */
export const emptyRow = (index, place) =>
  el("tr", { "aria-busy": "true", "aria-rowindex": place + 1 }, el("td.strong", figure(index)), el("td", { colspan: 7 }, el("span.skel.skel-2")));
