// The payments that wait for a block.
import { toNumber } from "../core/json.js";
import { json } from "./client.js";
import { noteAddress } from "./who/seen.js";

/** @typedef {import("../core/block.js").Payment} Payment */

/**
 * The first payments of the pool, and how many there are: a full pool is large.
 * @param {number} limit @returns {Promise<{payments: Payment[], count: number}>}
 */
export const firstOfPool = (limit) => ask(`/transactions?limit=${limit}`);

/** How many waiting payments an address sends or receives. @param {string} address @returns {Promise<number>} */
export const waitingOf = async (address) => (await ask(`/transactions?limit=1&address=${encodeURIComponent(address)}`)).count;

/** @param {string} path */
async function ask(path) {
  const answer = await json(path);
  for (const { sender, recipient } of answer.transactions) {
    noteAddress(sender);
    noteAddress(recipient);
  }
  return { payments: answer.transactions, count: toNumber(answer.length) };
}
