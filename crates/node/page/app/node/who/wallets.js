// The wallets that the chain names, as the node knows them.
import { Numeral } from "../../core/json.js";
import { json } from "../client.js";
import { setName } from "./names.js";
import { addressOf, noteAddress } from "./seen.js";

/** The most wallets that a node knows: those that its chain named first. */
export const MOST_WALLETS = 10000;

/** @typedef {{address: string, balance: string, fingerprint: string}} Wallet */

/**
 * Wallets whose fingerprint, or whose node's name, begins with a text. The largest balances come first.
 * @param {string} beginning @param {number} limit @param {AbortSignal} [signal]
 * @returns {Promise<Wallet[]>}
 */
export async function wallets(beginning, limit, signal) {
  const answer = await json(`/wallets?find=${encodeURIComponent(beginning)}&limit=${limit}`, { signal });
  return answer.wallets.map((/** @type {any} */ { address, balance, fingerprint, name }) => {
    noteAddress(address);
    setName(fingerprint, name);
    return { address, balance: balance instanceof Numeral ? balance.text : "–", fingerprint };
  });
}

/**
 * The address with a fingerprint: one that this page has seen, or that the chain names.
 * @param {string} fingerprint 16 hex digits @param {AbortSignal} signal
 * @returns {Promise<string | undefined>}
 */
export async function addressByPrint(fingerprint, signal) {
  const seen = addressOf(fingerprint);
  return seen ?? (await wallets(fingerprint, 1, signal))[0]?.address;
}
