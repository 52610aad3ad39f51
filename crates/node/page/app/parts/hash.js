// Hashes and their zeros. Gaps are margins, never characters: a copy is bare hex.
import { el } from "../dom/el.js";

/** @param {string} digits @param {number} size */
const groups = (digits, size) => digits.match(new RegExp(`.{1,${size}}`, "g")) ?? [];

/** @param {string} digits */
const isHash = (digits) => /^[0-9a-f]{64}$/.test(digits);

/**
 * The first eight digits. Anything but a hash, such as the `1` in a genesis, stays as it is.
 * @param {string} digits
 */
export function shortHash(digits) {
  if (!isHash(digits)) return el("span.hex", digits);
  return el("span.hex.hex-s", { title: digits }, el("span", digits.slice(0, 4)), el("span", `${digits.slice(4, 8)}…`));
}

/**
 * All digits in groups of eight. A line breaks only between groups.
 * @param {string} digits @param {string} [before] digits that differ from these are marked
 */
export function fullHash(digits, before) {
  const parts = groups(digits, 8).map((group, index) => el("span", marked(group, before?.slice(8 * index))));
  return el("span.hex.hex-full", { title: digits }, parts);
}

/** @param {string} group @param {string} [before] */
export function marked(group, before) {
  if (before === undefined) return group;
  return Array.from(group, (digit, at) => (digit === before[at] ? digit : el("mark", digit)));
}

/**
 * A cell for each zero that is asked for: amber for a zero, dashed from the first other digit on.
 * @param {string} digits @param {number} asked
 */
export function zeros(digits, asked) {
  let whole = true;
  const cells = Array.from(digits.slice(0, asked), (digit) => {
    whole = whole && digit === "0";
    return el(whole ? "b" : "i", digit);
  });
  return el("span.zeros", { title: digits.length === 64 && digits }, cells);
}

/** Cells of a block that is not mined yet. @param {number} asked */
export const unknownZeros = (asked) => el("span.zeros", Array.from({ length: asked }, () => el("i", "?")));

/**
 * A winning guess: its zeros, then four digits.
 * @param {string} digits @param {number} asked
 */
export function shortGuess(digits, asked) {
  const rest = el("span.hex.hex-s", el("span", `${digits.slice(asked, asked + 4)}…`));
  return [zeros(digits, asked), rest];
}

/** @param {string} digits @param {number} asked */
export function fullGuess(digits, asked) {
  const first = digits.slice(asked, Math.max(8, Math.ceil(asked / 8) * 8));
  const rest = [first, ...groups(digits.slice(asked + first.length), 8)].filter(Boolean);
  return [zeros(digits, asked), el("span.hex", rest.map((group) => el("span", group)))];
}

/** @param {string} digits a fingerprint, in fours @param {number} [found] how many of its first digits are marked */
export const fingerprint = (digits, found = 0) => el("span.hex", { title: digits }, groups(digits, 4).map((group, at) => {
  const marks = Math.max(0, found - 4 * at);
  return el("span", marks > 0 && el("mark", group.slice(0, marks)), group.slice(marks));
}));
