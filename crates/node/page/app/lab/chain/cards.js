// The cards of the Lab's chain, oldest first: previous hash at the left, own hash at the right.
import { guessHash } from "../../core/block.js";
import { el } from "../../dom/el.js";
import { domino, link, pair } from "../../parts/block.js";
import { figure } from "../../parts/figures.js";
import { shortGuess, shortHash } from "../../parts/hash.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { ZEROS, hashOf, paymentsIn, previousOf } from "../model/sample.js";

/** @typedef {import("./tampered.js").Tampered} Tampered */
/** @typedef {import("../model/verify.js").Verdict} Verdict */
/** @typedef {(index: number, amount: string) => void} Change */

const KINDS = /** @type {Record<Verdict["verdict"], import("../../parts/verdict.js").Verdict>} */ ({ valid: "ok", broken: "bad", rests: "held", unchecked: "none" });

/** @param {Verdict} each */
export function verdictWords({ verdict: kind, restsOn }) {
  return verdict(KINDS[kind], kind === "rests" ? t("verdict.rests", { n: restsOn ?? "" }) : t(`verdict.${kind}`));
}

/** @param {Tampered} chain @param {Verdict[]} verdicts @param {Change} change */
export const chainCards = (chain, verdicts, change) => chain.blocks.flatMap((_, at) => {
  const each = card(chain, at + 1, verdicts[at], change);
  return at === 0 ? [each] : [link(chain.fits(at + 1) ? "" : "bad"), each];
});

/** @param {Tampered} chain @param {number} index @param {Verdict} each @param {Change} change */
function card(chain, index, each, change) {
  const block = chain.blocks[index - 1];
  const isChanged = chain.changedBlocks.includes(index);
  const [classes, tab] = look(each.verdict, isChanged, chain.mined.has(index));
  const bad = { hash: index < chain.blocks.length && !chain.fits(index + 1), previous: !chain.fits(index) };
  return el(`div.block${classes}`, tab && el("span.block-tab", t(tab)),
    el("div.block-head", el("b", say("block.name", { n: index })), verdictWords(each)),
    el("div.block-body", payment(block, index, change), pair(t("block.proof"), figure(block.proof.text)), guess(chain, index)),
    domino(shortHash(hashOf(block)), shortHash(previousOf(block)), { oldestFirst: true, bad }),
    el("p.block-said", sentence(chain, index, each, isChanged)));
}

/** @param {Verdict["verdict"]} kind @param {boolean} isChanged @param {boolean} isMined @returns {[string, string | null]} */
function look(kind, isChanged, isMined) {
  if (kind === "broken") return [".block-bad", "lab.chainBreaks"];
  if (kind === "rests") return [".block-held", null];
  if (isChanged) return [".block-changed", "lab.chainYours"];
  return isMined ? [".block-changed", "lab.chainRemined"] : ["", null];
}

/** @param {import("../model/sample.js").LabBlock} block @param {number} index @param {Change} change */
function payment(block, index, change) {
  const [each] = paymentsIn(block);
  if (!each) return el("div.payline.muted", el("span", t("lab.chainNoPayment")));
  const label = t("lab.chainAmount", { sender: each.sender, recipient: each.recipient, n: index });
  const input = el("input.mono", { "aria-label": label, inputmode: "decimal", oninput: () => change(index, input.value) });
  input.value = String(each.amount);
  return el("div.payline", el("span", `${each.sender} → ${each.recipient}`), input);
}

/** @param {Tampered} chain @param {number} index */
function guess(chain, index) {
  if (index === 1) return el("div", el("span.muted", t("chain.noPuzzle")));
  const before = chain.blocks[index - 2];
  const digits = guessHash({ proof: before.proof.text, hash: hashOf(before) }, chain.blocks[index - 1].proof.text);
  return el("div", shortGuess(digits, ZEROS));
}

/** @param {Tampered} chain @param {number} index @param {Verdict} each @param {boolean} isChanged */
function sentence(chain, index, each, isChanged) {
  if (each.verdict === "unchecked") return t("lab.chainUnchecked");
  if (index === 1) return t("lab.chainGenesis");
  if (each.verdict === "broken") return t(chain.fits(index) ? "lab.chainBadProof" : "lab.chainBadBoth", { n: index - 1 });
  if (each.verdict === "rests") return t("lab.chainRests", { n: each.restsOn ?? "" });
  return t(isChanged ? "lab.chainOwnProof" : chain.mined.has(index) ? "lab.chainNewProof" : "lab.chainQuiet");
}
