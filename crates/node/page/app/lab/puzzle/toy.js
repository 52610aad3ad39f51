// The tutorial's toy puzzle: find y so that the hash of 5 × y ends in 0.
import { sha256Hex } from "../../core/hash.js";
import { el, replace } from "../../dom/el.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";

const X = 5;
const MOST = 999;

/** @param {any} start y in a link */
export function toyPanel(start) {
  let y = Number.isInteger(start) && start >= 0 && start <= MOST ? start : 0;
  const output = el("output", { "aria-live": "polite" }), product = el("span.hex.strong"), state = el("span.push"), result = el("div.endzero");
  const draw = () => {
    const hash = sha256Hex(String(X * y));
    const last = hash[63];
    replace(output, y);
    replace(product, `= ${X * y}`);
    replace(state, last === "0" ? verdict("ok", t("lab.toySolved")) : verdict("none", t("lab.notYet")));
    replace(result, el("span.hex", `…${hash.slice(48, 56)} ${hash.slice(56, 63)}`), el("span.zeros", el(last === "0" ? "b" : "i", last)));
  };
  const step = (/** @type {number} */ by, /** @type {string} */ words, /** @type {string} */ sign) => el("button", { type: "button", "aria-label": t(words), onclick: () => {
    y = Math.max(0, Math.min(MOST, y + by));
    draw();
  } }, sign);
  draw();
  const node = el("section.panel", { "aria-labelledby": "p0" }, el("div.panel-head", el("h2", { id: "p0" }, t("lab.toy")), state),
    el("div.panel-body.stack-s", el("p.small.muted", t("lab.toyTask")),
      el("div.row", el("span.hex.strong", `${X} ×`),
        el("div.seg.stepper", { role: "group", "aria-label": "y" }, step(-1, "lab.toyLess", "−"), output, step(1, "lab.toyMore", "+")), product),
      el("div.then", "SHA-256"), result),
    el("div.panel-foot", say("lab.toyFirst", { n: 21 })));
  return { node, y: () => y };
}
