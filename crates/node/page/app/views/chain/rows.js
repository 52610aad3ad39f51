// The rows that are in the document. A row stays the same element while it says the same, so what has the focus keeps it.
import { minerOf } from "../../core/block.js";
import { known } from "../../node/blocks.js";
import { nameFor } from "../../parts/who/who.js";
import { blockRow, emptyRow } from "./row.js";

/** @typedef {import("../../core/block.js").Block} Block */
/** @typedef {{row: HTMLElement, block?: Block, previous?: Block, miner?: string}} Drawn */

/** The most rows that one call draws: a frame has no time for more. */
const MOST_DRAWN = 12;

export class Rows {
  constructor() {
    /** @type {Map<number, Drawn>} */
    this.drawn = new Map();
  }

  /**
   * The rows of these blocks. If many are new, the next calls draw the rest, which stay empty or as they were until then.
   * @param {number[]} indexes newest first @param {number} place of the first in the list, from 1
   * @param {number} start how many of them are above the screen: those after them are drawn first
   * @returns {{rows: HTMLElement[], isWhole: boolean}}
   */
  show(indexes, place, start) {
    const before = this.drawn;
    let left = MOST_DRAWN;
    this.drawn = new Map();
    for (const index of [...indexes.slice(start), ...indexes.slice(0, start)]) {
      const old = before.get(index);
      const fresh = saidOf(index);
      const isNew = fresh.block !== undefined && !isSame(old, fresh);
      const at = place + indexes[0] - index;
      if (fresh.block && isNew && left > 0) this.drawn.set(index, { row: blockRow(fresh.block, fresh.previous, at), ...fresh });
      else this.drawn.set(index, moved(old, at) ?? { row: emptyRow(index, at) });
      if (isNew) left -= 1;
    }
    return { rows: indexes.map((index) => /** @type {Drawn} */ (this.drawn.get(index)).row), isWhole: left >= 0 };
  }
}

/** What a row says. The name of a miner may become known later. @param {number} index */
function saidOf(index) {
  const block = known(index);
  return { block, previous: known(index - 1), miner: block && nameFor(minerOf(block)) };
}

/** @param {Drawn | undefined} drawn @param {Omit<Drawn, "row">} fresh */
const isSame = (drawn, { block, previous, miner }) =>
  drawn?.miner === miner && isOne(drawn?.block, block) && isOne(drawn?.previous, previous);

/** @param {Block | undefined} one @param {Block | undefined} other */
const isOne = (one, other) => one === other || one?.hash === other?.hash;

/** @param {Drawn | undefined} drawn @param {number} at its place in the list now */
function moved(drawn, at) {
  drawn?.row.setAttribute("aria-rowindex", String(at + 1));
  return drawn;
}
