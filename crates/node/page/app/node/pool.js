// The payments that wait for a block.
import { small } from "../core/json.js";
import { json } from "./client.js";
import { noteAddress } from "./who/seen.js";

/** @typedef {import("../core/block.js").Payment} Payment */

/** @returns {Promise<Payment[]>} */
export const pool = async () => (await ask("/transactions")).payments;

/**
 * The first payments of the pool, and how many there are: a full pool is large.
 * @param {number} limit @returns {Promise<{payments: Payment[], count: number}>}
 */
export const firstOfPool = (limit) => ask(`/transactions?limit=${limit}`);

/** @param {string} path */
async function ask(path) {
  const answer = await json(path);
  for (const { sender, recipient } of answer.transactions) {
    noteAddress(sender);
    noteAddress(recipient);
  }
  return { payments: answer.transactions, count: small(answer.length) };
}
