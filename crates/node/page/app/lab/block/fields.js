// The fields of a block's members, for Lab 3 and Lab 4. Each input is a text; together they make a block, or say why not.
import { Numeral } from "../../core/json.js";
import { el, freshId } from "../../dom/el.js";
import { t } from "../../texts/texts.js";

const WHOLE = /^\d{1,20}$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** Why the fields make no block. */
export class NoBlock extends Error {}

/** @param {string} text @param {RegExp} form @param {string} words @returns {Numeral} */
function number(text, form, words) {
  if (!form.test(text)) throw new NoBlock(words);
  return new Numeral(text);
}

/**
 * @param {string} label @param {any} value @param {() => void} changed
 * @returns {{node: HTMLElement, input: HTMLInputElement}}
 */
function field(label, value, changed) {
  const id = freshId();
  const input = el("input.mono", { id, spellcheck: "false", autocomplete: "off", oninput: changed });
  input.value = value instanceof Numeral ? value.text : String(value);
  return { node: el("div", el("label", { for: id }, label), input), input };
}

/**
 * The fields of a block. `read` makes a block from them, or throws `NoBlock`.
 * @param {import("../model/sample.js").LabBlock} block @param {() => void} changed
 */
export function blockFields(block, changed) {
  const index = field("index", block.index, changed), time = field("timestamp", block.timestamp, changed);
  const proof = field("proof", block.proof, changed), previous = field("previous_hash", block.previous_hash, changed);
  const rows = block.transactions.map((each, at) => payment(each, at + 1, changed));
  const node = el("div.panel-body.stack-s", el("div.form-2.form-even", index.node, time.node), el("div.form-2.form-even", proof.node, previous.node),
    el("h3", "transactions"), rows.map((each) => each.node));
  const read = () => ({
    index: number(index.input.value, WHOLE, t("lab.blockWhole", { name: "index" })),
    previous_hash: previousHash(previous.input.value),
    proof: number(proof.input.value, WHOLE, t("lab.blockWhole", { name: "proof" })),
    timestamp: number(time.input.value, NUMBER, t("lab.blockNumber", { name: "timestamp" })),
    transactions: rows.map((each) => each.read()),
  });
  return { node, read };
}

/** @param {string} text */
function previousHash(text) {
  if (text === "1") return new Numeral("1");
  if (!/^[0-9a-f]{64}$/.test(text)) throw new NoBlock(t("lab.blockHash"));
  return text;
}

/** @param {{sender: any, recipient: any, amount: any}} each @param {number} place from 1 @param {() => void} changed */
function payment({ sender, recipient, amount }, place, changed) {
  let isText = !(amount instanceof Numeral);
  const from = field("sender", sender, changed), to = field("recipient", recipient, changed);
  const sum = field("", amount, changed);
  const label = /** @type {HTMLElement} */ (sum.node.firstChild);
  const kinds = [false, true].map((kind) => el("button", { type: "button", onclick: () => {
    isText = kind;
    mark();
    changed();
  } }, kind ? '"5"' : "5"));
  const mark = () => {
    label.textContent = t(isText ? "lab.blockText" : "lab.blockAsNumber");
    kinds.forEach((button, at) => button.setAttribute("aria-pressed", String(isText === Boolean(at))));
  };
  mark();
  const node = el("div.txrow", { role: "group", "aria-label": t("lab.blockRow", { n: place }) }, from.node, to.node, sum.node, el("div.seg", { role: "group", "aria-label": t("lab.blockKind") }, kinds));
  return { node, read: () => ({
    amount: isText ? sum.input.value : number(sum.input.value, NUMBER, t("lab.blockNumber", { name: "amount" })),
    recipient: to.input.value, sender: from.input.value,
  }) };
}
