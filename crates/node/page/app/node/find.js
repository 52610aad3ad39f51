// What a person may look for: a block by number or hash, an address by its text, fingerprint or name.
import { walletOf } from "../core/address.js";
import { toNumber } from "../core/json.js";
import { block } from "./blocks.js";
import { json, Refusal } from "./client.js";
import { nameOf, named } from "./who/names.js";
import { addressOf, beginningWith, noteAddress } from "./who/seen.js";
import { wallets } from "./who/wallets.js";

/**
 * @typedef {{kind: "block", block: import("../core/block.js").Block}} FoundBlock
 * @typedef {{kind: "address", address: string}} FoundAddress
 * @typedef {FoundBlock | FoundAddress} Found
 */

const MAX_FOUND = 8;

/**
 * @param {string} query
 * @param {AbortSignal} signal
 * @returns {Promise<Found[]>}
 */
export async function find(query, signal) {
  const text = query.trim();
  if (!text) return [];
  const blocks = await blocksCalled(text, signal);
  const holders = (await walletsCalled(text, signal)).map((address) => /** @type {Found} */ ({ kind: "address", address }));
  const plain = holders.length || !(await isPaid(query, signal)) ? [] : [/** @type {Found} */ ({ kind: "address", address: query })];
  return [...blocks, ...holders, ...plain].slice(0, MAX_FOUND);
}

/** @param {string} text @param {AbortSignal} signal @returns {Promise<Found[]>} */
async function blocksCalled(text, signal) {
  const bare = text.replace(/\s/g, "").toLowerCase();
  if (!/^(\d{1,15}|[0-9a-f]{64})$/.test(bare)) return [];
  try {
    return [{ kind: "block", block: await block(bare.length === 64 ? bare : Number(bare), signal) }];
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** @param {string} text @param {AbortSignal} signal @returns {Promise<string[]>} */
async function walletsCalled(text, signal) {
  if (walletOf(text)) {
    noteAddress(text);
    return [text];
  }
  const digits = text.replace(/\s/g, "").toLowerCase();
  const byPrint = /^[0-9a-f]{2,16}$/.test(digits) ? beginningWith(digits).map(({ address }) => address) : [];
  const byName = named(text).map((print) => addressOf(print)).filter((address) => address !== undefined);
  const byNode = await wallets(text, MAX_FOUND, signal);
  return [...new Set([...byName, ...byPrint, ...byNode.map(({ address }) => address)])];
}

/** Whether a text was ever paid or has paid. @param {string} text @param {AbortSignal} signal */
export async function isPaid(text, signal) {
  const answer = await json(`/addresses/${encodeURIComponent(text)}?limit=1`, { signal });
  return toNumber(answer.length) > 0;
}

/** @param {string} address */
export const printOf = (address) => walletOf(address)?.fingerprint ?? "";

/** @param {string} address */
export const nameOfAddress = (address) => nameOf(printOf(address));
