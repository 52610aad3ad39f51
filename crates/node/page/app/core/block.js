// A block: its canonical text, its hash, and its members as they are written.
import { number } from "./canonical.js";
import { sha256Hex } from "./hash.js";
import { Numeral, SOURCE, read, toNumber } from "./json.js";

/**
 * @typedef {{sender: any, recipient: any, amount: any}} Payment members as `json.read` returns them
 * @typedef {object} Block
 * @property {string} text the canonical text
 * @property {string} hash
 * @property {number} index
 * @property {string} proof in decimal
 * @property {string} previousHash `1` in a genesis
 * @property {number} time Unix seconds, NaN if it is not a number
 * @property {string} timestamp as it is written
 * @property {Payment[]} payments all entries, rewards included
 */

/**
 * @param {any} value an object that `json.read` returned
 * @returns {Block}
 */
export function blockOf(value) {
  const text = value[SOURCE];
  /** @type {string | undefined} */
  let hash;
  return {
    text,
    // Computed on demand: most blocks of a page are never shown.
    get hash() {
      return (hash ??= sha256Hex(text));
    },
    index: toNumber(value.index),
    proof: written(value.proof),
    previousHash: written(value.previous_hash),
    time: toNumber(value.timestamp),
    timestamp: written(value.timestamp),
    payments: Array.isArray(value.transactions) ? value.transactions : [],
  };
}

/**
 * @param {string} text the canonical text of a block
 * @returns {Block}
 */
export const readBlock = (text) => blockOf(read(text));

/** @param {any} value */
function written(value) {
  if (value instanceof Numeral) return value.text;
  return typeof value === "string" ? value : String(value);
}

/**
 * The hash that a block's proof gives, which must begin with zeros.
 * @param {{proof: string, hash: string}} previous
 * @param {string} proof
 */
export const guessHash = (previous, proof) => sha256Hex(previous.proof + proof + previous.hash);

/** @param {Payment} payment */
export const isReward = (payment) => payment.sender === "0";

/** @param {Block} block */
export const paymentsOf = (block) => block.payments.filter((payment) => !isReward(payment));

/**
 * Who mined a block: the recipient of its last reward.
 * @param {Block} block
 */
export const minerOf = (block) => block.payments.findLast(isReward)?.recipient;

/**
 * An amount as it is signed: texts as they are, numbers in canonical form.
 * @param {any} amount
 */
export const signedAmount = (amount) => (amount instanceof Numeral ? number(amount.text) : String(amount));
