// The Markdown that the description uses: `code`, and lists.
import { el } from "../dom/el.js";

/** @param {string} line */
const words = (line) => line.split("`").map((part, at) => (at % 2 ? el("code", part) : part));

/** @param {string} text @returns {HTMLElement[]} */
export function prose(text) {
  const lines = text.split("\n").filter(Boolean);
  return lines.map((line) => (line.startsWith("- ") ? el("p.entry", words(line.slice(2))) : el("p", words(line))));
}
