// A line of tries for each number of zeros: a dot for each search, and a tick at the expectation.
import { svg } from "../../dom/el.js";
import { expectedTries } from "../../node/status.js";
import { t } from "../../texts/texts.js";

const ROW = 56;
const SCALE = /** @type {[number, string][]} */ ([[100, "100"], [1e3, "1 000"], [1e4, "10 000"], [1e5, "100 000"]]);
const MILLION = 1e6;

/** Position of a number of tries, in percent of the width. @param {number} tries */
const place = (tries) => `${Math.max(0.5, Math.min(99, 3 + 18.8 * (Math.log10(tries) - 2))).toFixed(2)}%`;

/** @param {[number, number][]} searches zeros and tries */
export function dots(searches) {
  const rows = [...new Set([4, 5, ...searches.map(([zeros]) => zeros)])].sort((a, b) => a - b);
  const height = ROW * rows.length + 22;
  return svg("svg.dots", { height, role: "img", "aria-label": t("lab.puzzleDotsLabel", { n: searches.length }) },
    rows.map((zeros, at) => line(zeros, at, searches.filter(([each]) => each === zeros).map(([, tries]) => tries))),
    [...SCALE, /** @type {[number, string]} */ ([MILLION, t("lab.puzzleMillion")])].map(([tries, words]) => svg("text", { x: place(tries), y: height - 6, "text-anchor": "middle" }, words)));
}

/** @param {number} zeros @param {number} at @param {number[]} all tries */
function line(zeros, at, all) {
  const y = ROW * at + 30;
  const expected = place(expectedTries(zeros));
  return svg("g",
    svg("text", { x: 0, y: y - 14 }, t("strip.zeros", { n: zeros })), svg("line.gr", { x1: 0, x2: "100%", y1: y, y2: y }),
    all.map((tries) => svg("circle.dot", { cx: place(tries), cy: y, r: 5 })),
    svg("line.tick", { x1: expected, x2: expected, y1: y - 11, y2: y + 11 }),
    at === 0 ? svg("text.ext", { x: expected, y: y - 15, "text-anchor": "middle" }, t("chart.expected")) : null);
}
