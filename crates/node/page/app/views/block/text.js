// The text that is hashed, and its SHA-256 computed here.
import { sha256Hex } from "../../core/hash.js";
import { el, replace } from "../../dom/el.js";
import { MAX_TRANSACTIONS } from "../../lab/model/sample.js";
import { fragmentOf } from "../../lab/state.js";
import { code, codeParts, indented } from "../../parts/code.js";
import { copyWords } from "../../parts/copyButton.js";
import { fullHash } from "../../parts/hash.js";
import { verdict } from "../../parts/verdict.js";
import { t } from "../../texts/texts.js";

const MAX_SHOWN = 100000;

/** @param {import("../../core/block.js").Block} block */
export function textPanel(block) {
  const well = code(t("text.canonical"));
  const group = el("div.seg", { role: "group", "aria-label": t("text.showAs") });
  const draw = (/** @type {boolean} */ lines) => {
    const text = block.text.slice(0, MAX_SHOWN);
    replace(well, ...codeParts(lines ? indented(text) : text), block.text.length > MAX_SHOWN ? "…" : "");
    replace(group, ...[false, true].map((kind) => el("button", {
      type: "button", "aria-pressed": String(kind === lines), onclick: () => draw(kind),
    }, t(kind ? "text.indented" : "text.canonical"))));
  };
  draw(false);
  const computed = sha256Hex(block.text);
  const lab = block.payments.length <= MAX_TRANSACTIONS && el("a.small", { href: fragmentOf("block", { h: block.hash }) }, t("text.lab"));
  return el("section.panel", { "aria-labelledby": "ct" },
    el("div.panel-head", el("h2", { id: "ct" }, t("text.title")), el("div.row.push", lab, group, copyWords(() => block.text, t("copy.button")))),
    el("div.panel-body.stack-s", well, el("div.then", t("text.sha")),
      el("div.row", fullHash(computed), same(block.hash, computed))));
}

/** @param {string} hash @param {string} computed */
const same = (hash, computed) => (hash === computed ? verdict("ok", t("text.same")) : verdict("bad", t("text.differs")));
