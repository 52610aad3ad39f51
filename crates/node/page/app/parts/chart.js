// Charts: bars or steps over blocks, in the colours of the theme. uPlot draws them, and is loaded when first needed.
import { el } from "../dom/el.js";

const HEIGHT = 92;

/**
 * @typedef {object} Data
 * @property {number[]} xs
 * @property {number[]} ys
 * @property {number} [expected] a dashed line
 * @property {"bars" | "steps"} kind
 */

/** Loads uPlot and its styles, once. @returns {Promise<any>} */
async function load() {
  const href = new URL("../../vendor/uplot/uPlot.min.css", import.meta.url).href;
  if (!document.querySelector(`link[href="${href}"]`)) document.head.append(el("link", { rel: "stylesheet", href }));
  return (await import("../../vendor/uplot/uPlot.js")).default;
}

/** @param {string} name of a CSS token */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A chart that keeps the width of its box. `draw` shows new data.
 * @param {import("../dom/scope.js").Scope} scope
 */
export function chart(scope) {
  const box = el("div.plot", { role: "img" });
  /** @type {any} */
  let plot = null;
  /** @type {Data | null} */
  let data = null;
  let isWaiting = false;
  const paint = async () => {
    // The data and the size of the box may both arrive while uPlot loads: paint once.
    if (isWaiting) return;
    isWaiting = true;
    const UPlot = await load();
    isWaiting = false;
    if (!data || !scope.isOpen || !box.clientWidth) return;
    plot?.destroy();
    plot = new UPlot(options(UPlot, data, box.clientWidth), columns(data), box);
  };
  const resized = new ResizeObserver(() => plot ? plot.setSize({ width: box.clientWidth, height: HEIGHT }) : paint());
  resized.observe(box);
  scope.onEnd(() => {
    resized.disconnect();
    plot?.destroy();
  });
  scope.listen(window, "themechange", paint);
  scope.listen(matchMedia("(prefers-color-scheme: dark)"), "change", paint);
  /** @param {Data} fresh @param {string} label */
  const draw = (fresh, label) => {
    data = fresh;
    box.setAttribute("aria-label", label);
    paint();
  };
  return { box, draw };
}

/** @param {Data} data */
const columns = ({ xs, ys, expected }) => (expected === undefined ? [xs, ys] : [xs, ys, xs.map(() => expected)]);

/** @param {any} UPlot @param {Data} data @param {number} width */
function options(UPlot, { kind, ys, xs, expected }, width) {
  const top = Math.max(...ys, expected ?? 0, 1e-9);
  const bottom = Math.min(0, ...ys);
  const bars = { fill: token("--ink-3"), stroke: token("--ink-3"), width: 0, paths: UPlot.paths.bars({ size: [0.85, 28], align: 0 }), points: { show: false } };
  const steps = { stroke: token("--ink-2"), width: 1.5, paths: UPlot.paths.stepped({ align: 1 }), points: { show: false } };
  const line = { stroke: token("--work-line"), width: 1.5, dash: [5, 3], points: { show: false } };
  const pad = kind === "bars" ? 0.6 : 0;
  return {
    width, height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [6, 0, 2, 0],
    scales: { x: { time: false, range: [xs[0] - pad, (xs.at(-1) ?? 1) + pad] }, y: { range: [bottom, top * 1.05] } },
    axes: [{ show: true, size: 1, ticks: { show: false }, grid: { show: false }, values: () => [], border: { show: true, stroke: token("--line-2"), width: 1 } }, { show: false }],
    series: [{}, kind === "bars" ? bars : steps, ...(expected === undefined ? [] : [line])],
  };
}
