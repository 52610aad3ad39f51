// Text from others, made readable: characters that are invisible or reverse the text are shown as boxed hex.
import { el } from "../../dom/el.js";

const HIDDEN = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const MAX_SHOWN = 2000;

/**
 * @param {string} text
 * @returns {import("../../dom/el.js").Leaf[]}
 */
export function shown(text) {
  const parts = [];
  let rest = text.slice(0, MAX_SHOWN);
  for (let found; (found = HIDDEN.exec(rest)); rest = rest.slice(found.index + 1)) {
    const code = found[0].charCodeAt(0).toString(16).padStart(4, "0");
    parts.push(rest.slice(0, found.index), el("span.ctl", { title: `U+${code.toUpperCase()}` }, code));
  }
  parts.push(rest);
  if (text.length > MAX_SHOWN) parts.push("…");
  return parts.filter((part) => part !== "");
}
