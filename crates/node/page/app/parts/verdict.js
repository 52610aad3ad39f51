// A verdict: a shape, a word, and colour last. The outline alone tells them apart.
import { el, svg } from "../dom/el.js";

/** @typedef {"ok" | "bad" | "held" | "fork" | "none"} Verdict */

/** @type {Record<Verdict, () => Element[]>} */
const SHAPES = {
  ok: () => [svg("circle.fill", { cx: 9, cy: 9, r: 8.5 }), svg("path.cut", { d: "M5 9.4l2.7 2.7L13 6.6" })],
  bad: () => [svg("rect.fill", { x: 0.8, y: 0.8, width: 16.4, height: 16.4, rx: 3 }), svg("path.cut", { d: "M5.7 5.7l6.6 6.6M12.3 5.7l-6.6 6.6" })],
  held: () => [svg("path.fill", { d: "M9 .8L17.8 16.8H.2z" }), svg("path.cut", { d: "M9 6.6v4.2M9 13.8v.1" })],
  fork: () => [svg("path.fill", { d: "M9 0L18 9L9 18L0 9z" }), svg("path.cut", { d: "M9 13.6V9.6L6.2 6.6M9 9.6L11.8 6.6" })],
  none: () => [svg("circle.out", { cx: 9, cy: 9, r: 7.6, "stroke-dasharray": "3 2.4" }), svg("path.out", { d: "M6 9h6" })],
};

/** @param {Verdict} kind */
export const symbol = (kind) => svg(`svg.sym.${kind}`, { viewBox: "0 0 18 18", "aria-hidden": "true" }, SHAPES[kind]());

/**
 * @param {Verdict} kind
 * @param {...import("../dom/el.js").Child} words
 */
export const verdict = (kind, ...words) => el(`span.v.v-${kind}`, symbol(kind), el("span", ...words));

/**
 * A box with a verdict's shape, for an answer that stays where the question was asked.
 * @param {Verdict} kind
 * @param {import("../dom/el.js").Child} title
 * @param {...import("../dom/el.js").Child} more
 */
export function notice(kind, title, ...more) {
  const colour = { ok: ".notice-ok", bad: ".notice-bad", held: ".notice-held", fork: ".notice-bad", none: "" }[kind];
  return el(`div.notice${colour}`, { role: kind === "bad" ? "alert" : "status" }, symbol(kind), el("div", el("b", title), " ", ...more));
}
