// Who pays or is paid: picture, name and fingerprint of a wallet, or a text that is nobody's address.
import { SOURCE, Numeral } from "../../core/json.js";
import { canonical } from "../../core/canonical.js";
import { walletOf } from "../../core/address.js";
import { el } from "../../dom/el.js";
import { nameOf } from "../../node/who/names.js";
import { t } from "../../texts/texts.js";
import { shown } from "./foreign.js";
import { picture } from "./picture.js";

/**
 * The fragment of an address' view.
 * @param {string} text
 */
export function addressLink(text) {
  const wallet = walletOf(text);
  return `#/address/${wallet ? wallet.fingerprint : encodeURIComponent(wellFormed(text))}`;
}

/** @param {string} text */
const wellFormed = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");

/**
 * @param {any} value a sender or recipient, as `json.read` returns it
 * @param {{link?: boolean, print?: boolean, isPayee?: boolean}} [options] link: to its view; print: with the first digits of the
 *   fingerprint; isPayee: a payee `0` is a text like any other, only a payer `0` is the reward
 */
export function who(value, { link = true, print = true, isPayee = false } = {}) {
  if (typeof value !== "string") return el("span.who", el("span.text.said", value === undefined ? "–" : spelled(value)));
  if (value === "0" && !isPayee) return el("span.who", el("span.tag", t("who.reward")));
  const wallet = walletOf(value);
  return el("span.who", picture(value), wallet ? named(value, wallet.fingerprint, link, print) : plain(value, link));
}

/** @param {any} value a value that is not a text, as it is hashed */
const spelled = (value) => value?.[SOURCE] ?? (value instanceof Numeral ? value.text : canonical(value));

/** @param {string} address @param {string} digits @param {boolean} link @param {boolean} print */
function named(address, digits, link, print) {
  const name = nameOf(digits);
  const title = t("who.fingerprint", { digits });
  const words = name ? shown(name) : digits.slice(0, 8);
  const main = link ? el("a.name", { href: addressLink(address), title }, el("bdi", words)) : el("span.name", { title }, el("bdi", words));
  return print && name ? [main, " ", el("span.hex.hex-s.faint", digits.slice(0, 4))] : [main];
}

/** @param {string} text @param {boolean} link */
function plain(text, link) {
  const title = t("who.text");
  if (text === "") return [el(link ? "a.muted" : "span.muted", link ? { href: "#/address/", title } : { title }, t("who.empty"))];
  const words = el("bdi", shown(text));
  return [link ? el("a.text", { href: addressLink(text), title }, words) : el("span.text", { title }, words)];
}

/**
 * The name of an address in a sentence: its name, fingerprint, or the text itself.
 * @param {any} address a recipient, as `json.read` returns it
 */
export function nameFor(address) {
  if (typeof address !== "string") return "–";
  const wallet = walletOf(address);
  return wallet ? nameOf(wallet.fingerprint) ?? wallet.fingerprint.slice(0, 8) : address;
}
