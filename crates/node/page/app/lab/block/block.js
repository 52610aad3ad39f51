// Lab 3: a block is one line of text.
import { canonical } from "../../core/canonical.js";
import { bytes, sha256Hex } from "../../core/hash.js";
import { el, replace } from "../../dom/el.js";
import { changed, code } from "../../parts/code.js";
import { fullHash, shortHash } from "../../parts/hash.js";
import { notice } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { NoBlock, blockFields } from "./fields.js";
import { blockIn, sampleChain } from "../model/sample.js";

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const given = blockIn(lab.state?.o);
  const start = given ?? sampleChain()[2];
  const original = canonical(start);
  const fields = blockFields(blockIn(lab.state?.x) ?? start, () => draw());
  let text = original;
  let wasOther = false;
  const well = code(t("text.canonical")), size = el("span.push.small.muted"), hash = el("div.hex-l"), said = el("div");
  well.classList.add("code-big");
  const draw = () => {
    try {
      text = canonical(fields.read());
    } catch (error) {
      if (!(error instanceof NoBlock)) throw error;
      return replace(said, notice("bad", t("lab.blockNone"), error.message));
    }
    replace(size, ...say("lab.blockBytes", { n: bytes(text).length }));
    replace(well, ...changed(original, text));
    replace(hash, fullHash(sha256Hex(text), sha256Hex(original)));
    replace(said, comparison(original, text));
    if (text !== original) wasOther = true;
    if (wasOther && text === original) lab.solve(t("lab.blockSolved"));
  };
  // A link names a block of the node's chain by its hash: the text may be too long.
  const origin = given && lab.state.h ? { h: lab.state.h } : { o: original };
  lab.saved(() => ({ ...origin, x: text === original ? undefined : text }));
  draw();
  return [el("div.cols-blk",
    el("section.panel", { "aria-labelledby": "b1" }, el("div.panel-head", el("h2", { id: "b1" }, t("lab.blockMembers")),
      el("span.push.small.muted", given ? "" : t("lab.blockWhich"))), fields.node),
    el("section.panel", { "aria-labelledby": "b2" }, el("div.panel-head", el("h2", { id: "b2" }, t("text.title")), size),
      el("div.panel-body.stack-s", well, el("div.then", "SHA-256"), hash, said)))];
}

/** @param {string} original @param {string} text */
function comparison(original, text) {
  if (original === text) return notice("ok", t("lab.blockSame"), el("span.muted", t("lab.blockSameMore")));
  return notice("none", t("lab.blockOther"), el("span.muted", t("lab.blockOtherMore")), " ", el("span.muted", say("lab.blockWas", { hash: shortHash(sha256Hex(original)) })));
}
