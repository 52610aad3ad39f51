// Verdicts on the Lab's chains. The node gives them, by its real rules.
import { canonical } from "../../core/canonical.js";
import { toNumberOrNull } from "../../core/json.js";
import { post } from "../../node/client.js";

/**
 * @typedef {object} Verdict
 * @property {"valid" | "broken" | "rests" | "unchecked"} verdict
 * @property {number | null} restsOn the first broken block
 * @property {string | null} rule that is broken
 * @property {string | null} says the node's sentence
 */

/**
 * @param {any[]} blocks @param {number} zeros @param {AbortSignal} signal
 * @returns {Promise<Verdict[]>} one for each block
 */
export async function verify(blocks, zeros, signal) {
  const body = `{"blocks": [${blocks.map(canonical).join(", ")}], "difficulty": ${zeros}}`;
  const answer = await post("/lab/verify", body, signal);
  return answer.blocks.map((/** @type {any} */ each) => ({
    verdict: each.verdict, restsOn: toNumberOrNull(each.rests_on), rule: each.rule ?? null, says: each.says ?? null,
  }));
}

/** @param {any[]} blocks @returns {Verdict[]} */
export const unchecked = (blocks) => blocks.map(() => ({ verdict: "unchecked", restsOn: null, rule: null, says: null }));
