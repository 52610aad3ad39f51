// Numbers as people read them: margins separate thousands, so that copied text is the bare number.
import { el } from "../dom/el.js";

const PLAIN = /^(-?)(\d+)(\.\d+)?$/;

/**
 * A number, from its text or value. Anything but a plain decimal number stays as written.
 * @param {string | number | bigint} value
 */
export function figure(value) {
  const text = String(value);
  const found = PLAIN.exec(text);
  if (!found) return el("span.n", text);
  const [, sign, whole, fraction = ""] = found;
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, " ").split(" ");
  const [first, ...others] = groups;
  const parts = others.map((group) => el("span", group));
  if (fraction) (parts.at(-1) ?? parts).append?.(fraction);
  return el("span.n", (sign ? "−" : "") + first + (parts.length ? "" : fraction), parts);
}

/** The longest number that a cell of a table shows on one line. */
const MOST_ON_A_LINE = 16;

/** The class of a cell for a number: a long one wraps. @param {string} text */
export const wraps = (text) => (text.length > MOST_ON_A_LINE ? ".long" : "");

const SCALES = /** @type {[number, string][]} */ ([[1e9, "billion"], [1e6, "million"], [1e3, "thousand"]]);

/**
 * A rate in words: `57 million`. The word is a key of the texts.
 * @param {number} value
 * @returns {{value: string, scale: string}}
 */
export function rate(value) {
  for (const [size, scale] of SCALES) {
    if (value >= size) return { value: precise(value / size), scale };
  }
  return { value: precise(value), scale: "one" };
}

/**
 * Two significant digits, or a whole number from 100 on: `0.58`, `3.9`, `57`, `1234`.
 * @param {number} value
 */
export function precise(value) {
  if (!Number.isFinite(value)) return "–";
  if (value >= 100) return Math.round(value).toString();
  return String(Number(value.toPrecision(2)));
}

/**
 * A size in bytes, KiB or MiB.
 * @param {number} bytes
 * @returns {{value: string, unit: string}}
 */
export function size(bytes) {
  if (bytes < 10240) return { value: String(bytes), unit: "bytes" };
  if (bytes < 10485760) return { value: precise(bytes / 1024), unit: "KiB" };
  return { value: precise(bytes / 1048576), unit: "MiB" };
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
