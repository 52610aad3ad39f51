// The picture of an address. It helps people recognise an address, and proves nothing: that takes the fingerprint.
import { pictureOf } from "../../core/address.js";
import { svg } from "../../dom/el.js";

/** Shapes in a unit square, with its corner at x, y. @type {((x: number, y: number) => string)[]} */
const CELLS = [
  () => "",
  (x, y) => `M${x} ${y}h1v1H${x}z`,
  (x, y) => `M${x} ${y}h1L${x} ${y + 1}z`,
  (x, y) => `M${x} ${y}h1v1z`,
  (x, y) => `M${x + 1} ${y}v1H${x}z`,
  (x, y) => `M${x} ${y}l1 1H${x}z`,
  (x, y) => `M${x} ${y}h1a1 1 0 0 1 -1 1z`,
  (x, y) => `M${x} ${y}h1v1a1 1 0 0 1 -1 -1z`,
  (x, y) => `M${x + 1} ${y}v1H${x}a1 1 0 0 1 1 -1z`,
  (x, y) => `M${x} ${y}a1 1 0 0 1 1 1H${x}z`,
  (x, y) => `M${x} ${y + 0.5}a.5 .5 0 0 1 1 0a.5 .5 0 0 1 -1 0z`,
  (x, y) => `M${x + 0.5} ${y}l.5 .5l-.5 .5l-.5 -.5z`,
  (x, y) => `M${x} ${y}h1v.5H${x}z`,
  (x, y) => `M${x} ${y}h.5v1H${x}z`,
  (x, y) => `M${x + 0.25} ${y + 0.25}h.5v.5h-.5z`,
  (x, y) => `M${x} ${y}h1v1H${x}zM${x + 0.2} ${y + 0.5}a.3 .3 0 0 0 .6 0a.3 .3 0 0 0 -.6 0z`,
];

const MIRRORS = ["", "matrix(-1 0 0 1 4 0)", "matrix(1 0 0 -1 0 4)", "matrix(-1 0 0 -1 4 4)"];

/** Pictures that were drawn: an address appears in many rows. @type {Map<string, SVGElement>} */
const drawn = new Map();
const MAX_DRAWN = 500;

/**
 * @param {string} address
 * @param {"" | "m" | "l"} [size]
 */
export function picture(address, size = "") {
  const key = size + address;
  const kept = drawn.get(key) ?? draw(address, size);
  if (drawn.size >= MAX_DRAWN) drawn.clear();
  drawn.set(key, kept);
  return /** @type {SVGElement} */ (kept.cloneNode(true));
}

/** @param {string} address @param {"" | "m" | "l"} size @returns {SVGElement} */
function draw(address, size) {
  const { cells, colour } = pictureOf(address);
  const path = cells.map((cell, place) => CELLS[cell](place % 2, place >> 1)).join("");
  const quarters = MIRRORS.map((transform) => svg("path", { d: path, transform: transform || false }));
  return svg(`svg.ident${size && `.ident-${size}`}.id-${colour}`, { viewBox: "-.5 -.5 5 5", "aria-hidden": "true" },
    svg("rect.g", { x: -0.4, y: -0.4, width: 4.8, height: 4.8, rx: 0.7 }), svg("g.f", quarters));
}
