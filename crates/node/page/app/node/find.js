// What a person may look for: a block by number or hash, an address by its text, fingerprint or name.
import { walletOf } from "../core/address.js";
import { small } from "../core/json.js";
import { block } from "./blocks.js";
import { json, Refusal } from "./client.js";
import { nameOf, named } from "./names.js";
import { addressOf, beginningWith, noteAddress } from "./seen.js";
import { current } from "./status.js";

/**
 * @typedef {{kind: "block", block: import("../core/block.js").Block}} FoundBlock
 * @typedef {{kind: "address", address: string}} FoundAddress
 * @typedef {FoundBlock | FoundAddress} Found
 */

const MAX_FOUND = 8;
/** Blocks that a search for a fingerprint reads at a time, and in all. */
const STEP = 256, MAX_READ = 100000;
const PRINT = /^[0-9a-f]{16}$/;

/**
 * @param {string} query
 * @param {AbortSignal} signal
 * @returns {Promise<Found[]>}
 */
export async function find(query, signal) {
  const text = query.trim();
  if (!text) return [];
  const blocks = await blocksCalled(text, signal);
  const wallets = (await walletsCalled(text, signal)).map((address) => /** @type {Found} */ ({ kind: "address", address }));
  const plain = wallets.length || !(await isPaid(query, signal)) ? [] : [/** @type {Found} */ ({ kind: "address", address: query })];
  return [...blocks, ...wallets, ...plain].slice(0, MAX_FOUND);
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

/** @param {string} text @param {AbortSignal} signal */
async function walletsCalled(text, signal) {
  if (walletOf(text)) {
    noteAddress(text);
    return [text];
  }
  const digits = text.replace(/\s/g, "").toLowerCase();
  const byPrint = /^[0-9a-f]{2,16}$/.test(digits) ? beginningWith(digits).map(({ address }) => address) : [];
  const byName = named(text).map((print) => addressOf(print)).filter((address) => address !== undefined);
  const met = [...new Set([...byName, ...byPrint])];
  const far = met.length || !PRINT.test(digits) ? undefined : await addressByPrint(digits, signal);
  return far ? [far] : met;
}

/**
 * The address with a fingerprint: one that this page has met, or that a block names. The newest blocks are read first.
 * @param {string} fingerprint 16 hex digits @param {AbortSignal} signal
 * @returns {Promise<string | undefined>}
 */
export async function addressByPrint(fingerprint, signal) {
  const { height } = current();
  let found = addressOf(fingerprint);
  for (let end = height; !found && end > Math.max(0, height - MAX_READ); end -= STEP) {
    const from = Math.max(1, end - STEP + 1);
    const { chain } = await json(`/chain?from=${from}&limit=${end - from + 1}`, { signal });
    found = chain.flatMap(parties).find((/** @type {any} */ text) => typeof text === "string" && printOf(text) === fingerprint);
    noteAddress(found);
  }
  return found;
}

/** Who pays and is paid in a block. @param {any} block as `json.read` returns it */
const parties = ({ transactions }) =>
  (Array.isArray(transactions) ? transactions : []).flatMap((/** @type {any} */ payment) => [payment?.recipient, payment?.sender]);

/** Whether a text was ever paid or has paid. @param {string} text @param {AbortSignal} signal */
async function isPaid(text, signal) {
  const answer = await json(`/addresses/${encodeURIComponent(text)}?limit=1`, { signal });
  return small(answer.length) > 0;
}

/** @param {string} address */
export const printOf = (address) => walletOf(address)?.fingerprint ?? "";

/** @param {string} address */
export const nameOfAddress = (address) => nameOf(printOf(address));
