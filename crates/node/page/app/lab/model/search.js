// The search for a proof, in a worker. It reports tries and seconds, and can be cancelled.
import { Numeral } from "../../core/json.js";
import { worker } from "../../dom/trusted.js";
import { hashOf } from "./sample.js";

/**
 * @typedef {{proof: string, tries: number, seconds: number}} Found
 * @typedef {{tries: number, seconds: number}} Progress
 */

/**
 * Finds the smallest number n such that the hash of `before + n + after` begins with the zeros.
 * @param {{before: string, after: string, zeros: number}} puzzle
 * @param {AbortSignal} signal @param {(progress: Progress) => void} [tell] ten times a second
 * @returns {Promise<Found>}
 */
export function search(puzzle, signal, tell = () => {}) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const helper = worker(new URL("./searchWorker.js", import.meta.url));
    const end = () => helper.terminate();
    helper.onmessage = ({ data }) => {
      if (data.proof === undefined) return tell(data);
      end();
      return resolve(data);
    };
    helper.onerror = (event) => {
      end();
      reject(new Error(event.message));
    };
    signal.addEventListener("abort", () => {
      end();
      reject(signal.reason);
    }, { once: true });
    return helper.postMessage(puzzle);
  });
}

/**
 * Mines a block of the Lab on top of another: fills in its proof and previous hash.
 * @param {import("./sample.js").LabBlock} block @param {import("./sample.js").LabBlock} before @param {number} zeros
 * @param {AbortSignal} signal @param {(progress: Progress) => void} [tell]
 */
export async function mineAfter(block, before, zeros, signal, tell) {
  const found = await search({ before: before.proof.text, after: hashOf(before), zeros }, signal, tell);
  block.proof = new Numeral(found.proof);
  block.previous_hash = hashOf(before);
  return found;
}
