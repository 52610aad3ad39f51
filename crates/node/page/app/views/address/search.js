// Finds an address by its fingerprint: the newest blocks are read until one names it.
import { range } from "../../node/blocks.js";
import { addressOf } from "../../node/seen.js";
import { current } from "../../node/status.js";

const STEP = 256;
const MAX_BLOCKS = 8192;

/**
 * @param {string} fingerprint @param {AbortSignal} signal
 * @returns {Promise<string | undefined>}
 */
export async function search(fingerprint, signal) {
  const { height } = current();
  const last = Math.max(1, height - MAX_BLOCKS);
  for (let end = height; end >= last && !signal.aborted; end -= STEP) {
    const from = Math.max(1, end - STEP + 1);
    await range(from, end - from + 1);
    const found = addressOf(fingerprint);
    if (found) return found;
  }
  return undefined;
}
