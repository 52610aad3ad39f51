// Addresses of wallets that this page has seen, by fingerprint.
import { walletOf } from "../../core/address.js";

/** @type {Map<string, string>} */
const seen = new Map();
const MAX_SEEN = 20000;

/** @param {any} text */
export function noteAddress(text) {
  const wallet = typeof text === "string" ? walletOf(text) : null;
  if (wallet && seen.size < MAX_SEEN) seen.set(wallet.fingerprint, text);
}

/** @param {{payments: {sender: any, recipient: any}[]}} block */
export function noteAddresses(block) {
  for (const { sender, recipient } of block.payments) {
    noteAddress(sender);
    noteAddress(recipient);
  }
}

/** @param {string} fingerprint @returns {string | undefined} */
export const addressOf = (fingerprint) => seen.get(fingerprint);

/**
 * The addresses whose fingerprint begins with some digits.
 * @param {string} digits
 * @returns {{fingerprint: string, address: string}[]}
 */
export const beginningWith = (digits) =>
  [...seen].filter(([fingerprint]) => fingerprint.startsWith(digits)).map(([fingerprint, address]) => ({ fingerprint, address }));
