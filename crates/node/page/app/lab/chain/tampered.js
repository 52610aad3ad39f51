// The Lab's chain with members of its blocks changed, and blocks re-mined.
import { canonical } from "../../core/canonical.js";
import { Numeral } from "../../core/json.js";
import { blockIn, hashOf, paymentsIn, previousOf, sampleChain } from "../model/sample.js";

export class Tampered {
  /** @param {any} state amounts, re-mined blocks and other changed blocks from a link, or null */
  constructor(state) {
    this.blocks = sampleChain();
    /** Blocks that were re-mined. @type {Set<number>} */
    this.mined = new Set();
    for (const [index, amount] of Object.entries(state?.a ?? {})) this.setAmount(Number(index), String(amount));
    for (const [index, proof] of Object.entries(state?.m ?? {})) this.setProof(Number(index), String(proof));
    for (const [index, text] of Object.entries(state?.b ?? {})) this.set(Number(index), blockIn(text));
  }

  /** @param {number} index @param {import("../model/sample.js").LabBlock | null} block null changes nothing */
  set(index, block) {
    if (block && this.blocks[index - 1]) this.blocks[index - 1] = block;
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

  /** Restores a block. A re-mined one keeps its new proof and previous hash. @param {number} index */
  reset(index) {
    this.set(index, this.asMined(index, sampleChain()[index - 1]));
  }

  /** A block with the proof and previous hash from re-mining, if it was re-mined. @param {number} index @param {import("../model/sample.js").LabBlock} block */
  asMined(index, block) {
    const { proof, previous_hash } = this.blocks[index - 1];
    return this.mined.has(index) ? { ...block, proof, previous_hash } : block;
  }

  /** Indexes of the blocks that differ from the sample's. */
  get changedBlocks() {
    const original = sampleChain();
    return original.map((_, at) => at + 1).filter((index) => canonical(this.blocks[index - 1]) !== canonical(this.asMined(index, original[index - 1])));
  }

  /** Whether a block differs at most in its payment's amount. @param {number} index */
  isAmountOnly(index) {
    const block = this.asMined(index, sampleChain()[index - 1]);
    const [payment] = paymentsIn(block), [changed] = paymentsIn(this.blocks[index - 1]);
    if (!payment || !changed) return false;
    payment.amount = changed.amount;
    return canonical(block) === canonical(this.blocks[index - 1]);
  }

  /** Whether a block names the hash that the one before it has. @param {number} index */
  fits(index) {
    return index < 2 || previousOf(this.blocks[index - 1]) === hashOf(this.blocks[index - 2]);
  }

  /** The state for a link. Re-mined blocks are in order, since each names the one before it. */
  save() {
    const changed = this.changedBlocks;
    const amounts = changed.filter((index) => this.isAmountOnly(index));
    const others = changed.filter((index) => !amounts.includes(index));
    const a = Object.fromEntries(amounts.map((index) => [index, paymentsIn(this.blocks[index - 1])[0].amount]));
    const m = Object.fromEntries([...this.mined].sort().map((index) => [index, this.blocks[index - 1].proof.text]));
    const b = Object.fromEntries(others.map((index) => [index, canonical(this.blocks[index - 1])]));
    return others.length ? { a, m, b } : { a, m };
  }
}
