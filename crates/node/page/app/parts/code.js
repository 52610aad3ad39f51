// Canonical text for reading: members are marked, and an address is a chip that opens into its 600 characters.
import { walletOf } from "../core/address.js";
import { difference } from "../core/difference.js";
import { el } from "../dom/el.js";
import { nameOf } from "../node/who/names.js";
import { t } from "../texts/texts.js";
import { picture } from "./who/picture.js";

const TOKEN = /"(?:[^"\\]|\\.)*"(?:(?=: ))?/g;
const MAX_CHIPS = 400;

/**
 * An address as a chip. Pressing it shows all characters instead.
 * @param {string} address @param {string} [name] shown if the address has no known name
 */
export function chip(address, name = "") {
  const wallet = walletOf(address);
  if (!wallet) return document.createTextNode(address);
  const words = `${nameOf(wallet.fingerprint) ?? name} ${wallet.fingerprint.slice(0, 8)}`.trim();
  const button = el("button.chip", { type: "button", title: t("chip.open", { n: address.length }), onclick: () => button.replaceWith(address) },
    picture(address), words);
  return button;
}

/**
 * @param {string} text canonical text
 * @returns {import("../dom/el.js").Leaf[]}
 */
export function codeParts(text) {
  const parts = [];
  let end = 0, chips = 0;
  for (const found of text.matchAll(TOKEN)) {
    const [token] = found;
    const isName = text.startsWith(": ", found.index + token.length);
    const address = token.slice(1, -1);
    const isWallet = !isName && chips < MAX_CHIPS && walletOf(address) !== null;
    if (!isName && !isWallet) continue;
    chips += isWallet ? 1 : 0;
    parts.push(text.slice(end, found.index), ...(isName ? [el("mark", token)] : ['"', chip(address), '"']));
    end = found.index + token.length;
  }
  return [...parts, text.slice(end)];
}

/** A box of code that can take the focus, so that arrow keys scroll it. @param {string} label @param {...import("../dom/el.js").Child} parts */
export const code = (label, ...parts) => el("div.code", { tabindex: 0, role: "region", "aria-label": label }, ...parts);

/**
 * Canonical text on many lines: a line for each member and entry. Only for reading.
 * @param {string} text
 */
export function indented(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|[{}[\]]|, /g, (token) => {
    if (token === "{" || token === "[") {
      depth += 1;
      return token + line();
    }
    if (token === "}" || token === "]") {
      depth -= 1;
      return line() + token;
    }
    return token === ", " ? `,${line()}` : token;
  });
}

/**
 * A text, with what differs from another one marked.
 * @param {string} before @param {string} text
 * @returns {import("../dom/el.js").Leaf[]}
 */
export function changed(before, text) {
  if (before === text) return [text];
  const { start, is, end } = difference(before, text);
  return [start, el("mark.chg", is || "·"), end];
}
