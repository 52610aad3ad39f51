// Bars: of tries against the expectation, and plain ones.
import { svg } from "../dom/el.js";

/**
 * Tries, with the expectation as a tick at the middle, and twice that at the end.
 * @param {number} ratio tries divided by the expected tries
 */
export function triesBar(ratio) {
  const width = 63.5 * Math.min(1, ratio / 2);
  return svg("svg.bar", { viewBox: "0 0 64 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect.t", { x: 0.25, y: 1.5, width: 63.5, height: 5 }), svg("rect.v", { x: 0.25, y: 1.5, width, height: 5 }),
    svg("path.e", { d: "M32 0v8" }));
}

/**
 * The bar of a search that runs: the expectation at a quarter, since a search may take long.
 * @param {number} ratio @param {string} label
 */
export function searchBar(ratio, label) {
  return svg("svg.bar.bar-l", { viewBox: "0 0 300 14", preserveAspectRatio: "none", role: "img", "aria-label": label },
    svg("rect.t", { x: 0.5, y: 3, width: 299, height: 8 }),
    svg("rect.v", { x: 0.5, y: 3, width: 299 * Math.min(1, ratio / 4), height: 8 }), svg("path.e", { d: "M75 0v14" }));
}

/** @param {number} share from 0 to 1 */
export const plainBar = (share) =>
  svg("svg.bar.bar-plain", { viewBox: "0 0 120 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect.v", { x: 0, y: 1, width: 120 * Math.max(0, Math.min(1, share)), height: 6 }));
