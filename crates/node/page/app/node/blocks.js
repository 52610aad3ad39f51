// Blocks of the node's chain, kept by index while they are on it. Blocks given up are kept by hash.
import { blockOf, readBlock } from "../core/block.js";
import { json, text } from "./client.js";
import { noteAddresses } from "./who/seen.js";

/** @typedef {import("../core/block.js").Block} Block */

export const PAGE = 64;
const MAX_KEPT = 4096;
const MAX_GIVEN_UP = 64;

/** @type {Map<number, Block>} */
const kept = new Map();
/** @type {Map<string, Block>} */
const givenUp = new Map();
/** @type {Map<number, Promise<Block[]>>} */
const asked = new Map();

/** @param {Block} block */
function keep(block) {
  noteAddresses(block);
  if (kept.size >= MAX_KEPT) for (const index of [...kept.keys()].slice(0, MAX_KEPT / 4)) kept.delete(index);
  kept.set(block.index, block);
  return block;
}

/** @param {number} index @returns {Block | undefined} */
export const known = (index) => kept.get(index);

/**
 * Blocks from an index on. Asks the node, unless all of them are kept.
 * @param {number} from indexes below 1 are left out @param {number} limit
 * @returns {Promise<Block[]>} fewer at the end of the chain
 */
export async function range(from, limit) {
  const first = Math.max(1, from);
  const count = limit - (first - from);
  const have = Array.from({ length: count }, (_, place) => kept.get(first + place));
  if (have.every(Boolean)) return /** @type {Block[]} */ (have);
  const answer = await json(`/chain?from=${first}&limit=${count}`);
  return answer.chain.map((/** @type {any} */ value) => keep(blockOf(value)));
}

/**
 * The page of 64 blocks that has an index. A page that is on its way is not requested again.
 * @param {number} index
 */
export function page(index) {
  const first = Math.floor((index - 1) / PAGE) * PAGE + 1;
  let blocks = asked.get(first);
  if (!blocks) {
    blocks = range(first, PAGE).finally(() => asked.delete(first));
    asked.set(first, blocks);
  }
  return blocks;
}

/**
 * One block by index, hash or `latest`.
 * @param {string | number} which
 * @param {AbortSignal} [signal]
 * @returns {Promise<Block>}
 */
export async function block(which, signal) {
  const here = typeof which === "number" ? kept.get(which) : givenUp.get(which);
  return here ?? keepIfOnChain(readBlock(await text(`/blocks/${which}`, { signal })));
}

/** @param {Block} block */
function keepIfOnChain(block) {
  const here = kept.get(block.index);
  if (here && here.hash !== block.hash) forgetFrom(block.index);
  return keep(block);
}

/**
 * Whether a reorg gave up a block that this page kept.
 * @param {string} hash
 */
export const wasGivenUp = (hash) => givenUp.has(hash);

/** @param {string} hash */
export const givenUpBlock = (hash) => givenUp.get(hash);

/**
 * Moves the blocks from an index on, which a reorg replaced, to those given up.
 * @param {number} index
 * @returns {Block[]} the moved blocks, newest first
 */
export function forgetFrom(index) {
  const old = [...kept.values()].filter((block) => block.index >= index).sort((a, b) => b.index - a.index);
  for (const block of old) {
    kept.delete(block.index);
    givenUp.set(block.hash, block);
  }
  for (const hash of [...givenUp.keys()].slice(0, Math.max(0, givenUp.size - MAX_GIVEN_UP))) givenUp.delete(hash);
  return old;
}

/** Drops all blocks of the chain, after the feed has missed events. */
export function forgetAll() {
  kept.clear();
}
