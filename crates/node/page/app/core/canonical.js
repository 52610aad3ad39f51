// Writes a value as Python's json.dumps(value, sort_keys=True) does: the text that a node hashes.
import { Numeral } from "./json.js";

const SHORT = /** @type {Record<string, string>} */ ({
  '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f",
});

/**
 * A text in quotes, in ASCII.
 * @param {string} text
 */
export function quoted(text) {
  const inner = text.replace(/["\\]|[^ -~]/g, (unit) => SHORT[unit] ?? unicode(unit));
  return `"${inner}"`;
}

/** @param {string} unit */
function unicode(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A float as Python's repr writes it: the shortest digits that read back the same, always with a point or an exponent.
 * @param {number} value
 */
export function float(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa, power] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  const digits = positional(mantissa.replace(/[-.]/g, ""), exponent);
  return value < 0 ? `-${digits}` : digits;
}

/**
 * @param {string} digits without a point
 * @param {number} exponent of the first digit
 */
function positional(digits, exponent) {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/**
 * A number in canonical form, from any spelling.
 * @param {string} text
 */
export function number(text) {
  if (/^-?\d+$/.test(text)) return BigInt(text).toString();
  return float(Number(text));
}

/** @param {string} left @param {string} right */
function byCodePoint(left, right) {
  const a = Array.from(left, (character) => character.codePointAt(0) ?? 0);
  const b = Array.from(right, (character) => character.codePointAt(0) ?? 0);
  const differ = a.findIndex((code, place) => code !== b[place]);
  return differ < 0 ? a.length - b.length : a[differ] - (b[differ] ?? -1);
}

/**
 * The canonical text of a value that `json.read` returned, or of texts, lists and objects made here.
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (value instanceof Numeral) return number(value.text);
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(", ")}]`;
  const members = Object.keys(value).sort(byCodePoint).map((name) => `${quoted(name)}: ${canonical(value[name])}`);
  return `{${members.join(", ")}}`;
}
