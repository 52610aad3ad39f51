// The members of a block, and what a node checks of it.
import { guessHash, minerOf } from "../../core/block.js";
import { bytes, zerosOf } from "../../core/hash.js";
import { el } from "../../dom/el.js";
import { current } from "../../node/status.js";
import { copyButton } from "../../parts/copyButton.js";
import { figure, size } from "../../parts/figures.js";
import { fullHash, shortHash } from "../../parts/hash.js";
import { age, utc } from "../../parts/time.js";
import { verdict } from "../../parts/verdict.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

/** @typedef {import("../../core/block.js").Block} Block */

/** @param {Block} block */
export function membersPanel(block) {
  const { value, unit } = size(bytes(block.text).length);
  const copy = copyButton(block.hash, t("copy.hash"));
  copy.dataset.key = "copy-hash";
  return el("section.panel", { "aria-labelledby": "fa" }, el("div.panel-head", el("h2", { id: "fa" }, t("members.title"))),
    el("div.panel-body", el("dl.facts",
      el("dt", t("chain.hash")), el("dd", fullHash(block.hash), copy),
      el("dt", t("members.previous")), el("dd", block.previousHash === "1" ? el("span.hex", "1") : el("a", { href: `#/block/${block.previousHash}` }, fullHash(block.previousHash))),
      el("dt", t("chain.mined")), el("dd", when(block)),
      el("dt", t("block.minedBy")), el("dd", block.previousHash === "1" ? el("span.muted", "–") : who(minerOf(block))),
      el("dt", t("block.proof")), el("dd", figure(block.proof)),
      el("dt", t("members.size")), el("dd", figure(value), ` ${t(`size.${unit}`)}`))));
}

/** @param {Block} block */
function when({ time, timestamp }) {
  if (!(Math.abs(time) < 8e12)) return el("span", timestamp);
  return [el("span.nowrap", utc(time)), " ", el("span.muted.nowrap", "(", age(time, timestamp), ")")];
}

/** @param {Block} block @param {Block | undefined} previous */
export function checksPanel(block, previous) {
  const checks = previous ? checksOf(block, previous) : [check("ok", "checks.genesis", say("checks.genesisMore"))];
  return el("section.panel", { "aria-labelledby": "ck" }, el("div.panel-head", el("h2", { id: "ck" }, t("checks.title"))),
    el("div.panel-body.stack-s.small", checks, previous && check("none", "checks.signatures", [t("checks.signaturesMore"), " ", el("a", { href: "#/lab/weaknesses" }, t("checks.why"))])));
}

/** @param {Block} block @param {Block} previous */
function checksOf(block, previous) {
  const asked = current().difficulty;
  const found = zerosOf(guessHash(previous, block.proof));
  const follows = block.index === previous.index + 1;
  const matches = block.previousHash === previous.hash;
  return [
    check(follows ? "ok" : "bad", follows ? "checks.index" : "checks.indexNot", say("checks.indexMore", { before: previous.index, here: block.index })),
    check(matches ? "ok" : "bad", matches ? "checks.previous" : "checks.previousNot", say(matches ? "checks.previousMore" : "checks.previousBad", { n: previous.index, hash: shortHash(previous.hash) })),
    check(found >= asked ? "ok" : "bad", found >= asked ? "checks.proof" : "checks.proofNot", [...say("puzzle.zeros", { asked, found: Math.max(found, 0) }), t("fork.end")]),
  ];
}

/** @param {import("../../parts/verdict.js").Verdict} kind @param {string} key @param {import("../../dom/el.js").Child} words */
const check = (kind, key, words) => el("div", verdict(kind, t(key)), el("p.muted", words));
