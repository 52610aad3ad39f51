// The rows that are in the document. A row stays the same element while it says the same, so what has the focus keeps it.
import { minerOf } from "../../core/block.js";
import { known } from "../../node/blocks.js";
import { nameFor } from "../../parts/who/who.js";
import { blockRow, emptyRow } from "./row.js";

/** @typedef {{row: HTMLElement, says: string}} Drawn */

export class Rows {
  constructor() {
    /** @type {Map<number, Drawn>} */
    this.drawn = new Map();
  }

  /**
   * The rows of some blocks.
   * @param {number[]} indexes newest first @param {number} place of the first in the list, from 1
   * @returns {HTMLElement[]}
   */
  show(indexes, place) {
    this.drawn = new Map(indexes.map((index, at) => [index, this.row(index, place + at)]));
    return [...this.drawn.values()].map(({ row }) => row);
  }

  /** @param {number} index @param {number} place @returns {Drawn} */
  row(index, place) {
    const [block, previous] = [known(index), known(index - 1)];
    // The name of a miner may become known later.
    const says = `${block?.hash} ${previous?.hash} ${block && nameFor(minerOf(block))}`;
    const drawn = this.drawn.get(index);
    if (drawn?.says !== says) return { row: block ? blockRow(block, previous, place) : emptyRow(index, place), says };
    drawn.row.setAttribute("aria-rowindex", String(place + 1));
    return drawn;
  }
}
