// The Lab's chain with payments changed and blocks re-mined.
import { Numeral } from "../../core/json.js";
import { hashOf, paymentsIn, previousOf, sampleChain } from "../model/sample.js";

export class Tampered {
  /** @param {any} state amounts and re-mined blocks in a link, or null */
  constructor(state) {
    this.blocks = sampleChain();
    /** Blocks that were re-mined. @type {Set<number>} */
    this.mined = new Set();
    for (const [index, amount] of Object.entries(state?.a ?? {})) this.setAmount(Number(index), String(amount));
    for (const [index, proof] of Object.entries(state?.m ?? {})) this.setProof(Number(index), String(proof));
  }

  /** @param {number} index @param {string} amount */
  setAmount(index, amount) {
    const payment = this.blocks[index - 1] && paymentsIn(this.blocks[index - 1])[0];
    if (payment) payment.amount = amount.slice(0, 64);
  }

  /** @param {number} index @param {string} proof */
  setProof(index, proof) {
    if (!(index >= 2 && index <= this.blocks.length) || !/^\d{1,20}$/.test(proof)) return;
    const block = this.blocks[index - 1];
    block.proof = new Numeral(proof);
    block.previous_hash = hashOf(this.blocks[index - 2]);
    this.mined.add(index);
  }

  /** Brings the payment of a block back. @param {number} index */
  reset(index) {
    this.setAmount(index, String(paymentsIn(sampleChain()[index - 1])[0].amount));
  }

  /** Blocks whose payment differs from the sample's. */
  get changedBlocks() {
    const original = sampleChain();
    const amount = (/** @type {any} */ block) => String(paymentsIn(block)[0]?.amount);
    return this.blocks.map((_, at) => at + 1).filter((index) => amount(this.blocks[index - 1]) !== amount(original[index - 1]));
  }

  /** Whether a block names the hash that the one before it has. @param {number} index */
  fits(index) {
    return index < 2 || previousOf(this.blocks[index - 1]) === hashOf(this.blocks[index - 2]);
  }

  /** What a link holds: re-mined blocks in order, since each names the one before it. */
  save() {
    const a = Object.fromEntries(this.changedBlocks.map((index) => [index, paymentsIn(this.blocks[index - 1])[0].amount]));
    const m = Object.fromEntries([...this.mined].sort().map((index) => [index, this.blocks[index - 1].proof.text]));
    return { a, m };
  }
}
