// The puzzle that a block solves, written out.
import { guessHash } from "../../core/block.js";
import { zerosOf } from "../../core/hash.js";
import { el } from "../../dom/el.js";
import { current, expectedTries } from "../../node/status.js";
import { figure } from "../../parts/figures.js";
import { fullGuess, fullHash } from "../../parts/hash.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { triesOf } from "../chain/row.js";

/** @typedef {import("../../core/block.js").Block} Block */

/** @param {import("../../dom/el.js").Child} label @param {...import("../../dom/el.js").Child} value */
export const part = (label, ...value) => el("div.part", el("small", label), ...value);

export const plus = () => el("div.plus", { role: "img", "aria-label": t("puzzle.followed") }, "+");

/** Whether the zeros suffice, in words. @param {string} guess @param {number} asked */
export function zerosVerdict(guess, asked) {
  const found = Math.min(zerosOf(guess), Math.max(asked, zerosOf(guess)));
  return verdict(found >= asked ? "ok" : "bad", t("puzzle.zeros", { asked, found }));
}

/** @param {Block} block @param {Block} previous */
export function puzzlePanel(block, previous) {
  const asked = current().difficulty;
  const guess = guessHash(previous, block.proof);
  return el("section.panel", { "aria-labelledby": "pz" },
    el("div.panel-head", el("h2", { id: "pz" }, t("puzzle.title")), el("span.push.small.muted", say("puzzle.posed", { n: previous.index }))),
    el("div.panel-body.puzzle",
      el("div.parts",
        part(t("puzzle.proofOf", { n: previous.index }), el("span.hex", previous.proof)), plus(),
        part(t("puzzle.proofOf", { n: block.index }), el("span.hex.strong", block.proof)), plus(),
        part(t("puzzle.hashOf", { n: previous.index }), fullHash(previous.hash))),
      el("div.then", t("puzzle.sha")),
      part(t("puzzle.guess"), el("span.guess", fullGuess(guess, asked))),
      el("div.row.small", zerosVerdict(guess, asked),
        el("span.muted", say("puzzle.found", { tries: figure(triesOf(block.proof)), n: expectedTries(asked) })),
        el("a.push", { href: "#/lab/puzzle" }, t("puzzle.try")))));
}
