// The history of an address: its newest payments, with the balance after each, added up without rounding.
import { isReward, signedAmount } from "../../core/block.js";
import { add, decimal, decimalText, negative, ZERO } from "../../core/decimal.js";
import { Numeral, toNumber } from "../../core/json.js";
import { block as blockCalled } from "../../node/blocks.js";
import { json } from "../../node/client.js";

/** The most payments that are shown. */
const SHOWN = 500;

/**
 * @typedef {object} Entry
 * @property {number} index of the block
 * @property {import("../../core/block.js").Block | null} block
 * @property {"in" | "out" | "self"} kind
 * @property {any} other who paid, or was paid
 * @property {string} amount
 * @property {string | null} after the balance after this payment, null if it is unknown
 *
 * @typedef {object} Account
 * @property {string} address
 * @property {string} received
 * @property {string} sent
 * @property {string} balance
 * @property {number} inCount
 * @property {number} outCount
 * @property {number} uncounted payments whose amount is not a number
 * @property {number} length of the whole history
 * @property {Entry[]} entries newest first
 * @property {boolean} isWhole whether the entries are the whole history
 * @property {number} mined blocks among the entries
 */

/** @param {string} address @param {AbortSignal} signal @returns {Promise<Account>} */
export async function historyOf(address, signal) {
  const path = `/addresses/${encodeURIComponent(address)}`;
  const totals = await json(`${path}?limit=1`, { signal });
  const length = toNumber(totals.length);
  const payments = await newest(path, length, signal);
  const isWhole = payments.length === length;
  const entries = withBalances(payments.map((each) => entry(each, address)), isWhole);
  await Promise.all(entries.slice(0, 64).map(async (each) => {
    each.block = await blockCalled(each.index, signal).catch(() => null);
  }));
  return {
    address, length, entries, isWhole, uncounted: toNumber(totals.uncounted),
    received: text(totals.received), sent: text(totals.sent), balance: text(totals.sum),
    inCount: entries.filter(({ kind }) => kind !== "out").length, outCount: entries.filter(({ kind }) => kind !== "in").length,
    mined: payments.filter(({ transaction }) => isReward(transaction) && transaction.recipient === address).length,
  };
}

/** @param {any} value */
const text = (value) => (value instanceof Numeral ? decimalText(decimal(value.text) ?? ZERO) : "–");

/** @param {string} path @param {number} length @param {AbortSignal} signal */
async function newest(path, length, signal) {
  const all = [];
  for (let from = Math.max(0, length - SHOWN); from < length; ) {
    const part = await json(`${path}?from=${from}&limit=1000`, { signal });
    all.push(...part.payments);
    if (!part.payments.length) break;
    from += part.payments.length;
  }
  return all;
}

/** @param {any} payment @param {string} address @returns {Entry} */
function entry({ block, transaction }, address) {
  const { sender, recipient, amount } = transaction;
  const kind = sender === address && recipient === address ? "self" : recipient === address ? "in" : "out";
  const other = kind === "in" ? sender : recipient;
  return { index: toNumber(block), block: null, kind, other, amount: signedAmount(amount), after: null };
}

/** @param {Entry[]} entries oldest first @param {boolean} isWhole @returns {Entry[]} newest first */
function withBalances(entries, isWhole) {
  let balance = ZERO;
  for (const each of isWhole ? entries : []) {
    const amount = decimal(each.amount);
    if (amount && each.kind !== "self") balance = add(balance, each.kind === "in" ? amount : negative(amount));
    each.after = decimalText(balance);
  }
  return entries.reverse();
}
