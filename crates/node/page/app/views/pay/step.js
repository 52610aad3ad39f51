import { el } from "../../dom/el.js";
import { t } from "../../texts/texts.js";

/**
 * A step of a payment: a numbered panel.
 * @param {number} n @param {string} title key of the texts @param {import("../../dom/el.js").Child} side
 * @param {...import("../../dom/el.js").Child} body
 */
export const step = (n, title, side, ...body) =>
  el("section.panel", { "aria-labelledby": `s${n}` },
    el("div.panel-head", el("span.num", n), el("h2", { id: `s${n}` }, t(title)), el("div.push", side)), ...body);
