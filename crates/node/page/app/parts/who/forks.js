// Who holds another chain than this node, in sentences.
import { el } from "../../dom/el.js";
import { language, say, t } from "../../texts/texts.js";
import { shown } from "./foreign.js";

/** The most names in a sentence. The others are counted. */
const MAX_NAMES = 4;

/** @typedef {{name: string, tip: string | null, fork: number | null, height: number | null}} Holder a node that holds another chain */

/**
 * A sentence for each chain other than ours that nodes hold, with the last block that it shares with ours.
 * @param {number} height of our chain @param {Holder[]} holders
 * @returns {{fork: number | null, words: import("../../dom/el.js").Leaf[]}[]}
 */
export function forksBeside(height, holders) {
  /** @type {Map<string | null, Holder[]>} */
  const groups = new Map();
  for (const holder of holders) groups.set(holder.tip, [...(groups.get(holder.tip) ?? []), holder]);
  return [...groups.values()].map((all) => ({ fork: all[0].fork, words: sentence(height, all) }));
}

/** @param {number} height @param {Holder[]} holders of one chain */
function sentence(height, holders) {
  const by = (holders[0].height ?? 0) - height;
  const key = by === 0 ? "fork.same" : by > 0 ? "fork.longer" : "fork.shorter";
  return say(key, { names: names(holders), count: holders.length, n: Math.abs(by) });
}

/** @param {Holder[]} holders */
function names(holders) {
  const named = holders.slice(0, MAX_NAMES).map(({ name }) => name);
  if (holders.length > MAX_NAMES) named.push(t("fork.others", { n: holders.length - MAX_NAMES }));
  return el("bdi", shown(new Intl.ListFormat(language).format(named)));
}
