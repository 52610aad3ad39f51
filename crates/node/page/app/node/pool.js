// The payments that wait for a block.
import { json } from "./client.js";
import { noteAddress } from "./seen.js";

/** @returns {Promise<import("../core/block.js").Payment[]>} */
export async function pool() {
  const answer = await json("/transactions");
  for (const { sender, recipient } of answer.transactions) {
    noteAddress(sender);
    noteAddress(recipient);
  }
  return answer.transactions;
}
