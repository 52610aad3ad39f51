// Two nodes with a line between them that can be cut: what each holds, and what happens when they meet.
import { blockAfter, hashOf, inWords, paymentsIn, sampleChain } from "../model/sample.js";

/** @typedef {import("../model/sample.js").LabBlock} LabBlock */
/** @typedef {"left" | "right"} Side */
/** @typedef {{sender: string, recipient: string, amount: string}} Payment */

/** Blocks that both have from the start. */
export const COMMON = 3;
/** Zoë's payment reaches Right only after Right's first block. bob's payment reaches only Left. */
const ZOE = { sender: "Zoë", recipient: "bob", amount: "2" };
const BOB = { sender: "bob", recipient: "alice", amount: "1" };
const SECONDS = { left: 60.25, right: 61.5 };

/**
 * @typedef {object} Meeting what happened when one of two different chains won
 * @property {Side} winner
 * @property {Side} loser
 * @property {LabBlock[]} givenUp
 * @property {LabBlock[]} won
 * @property {Payment[]} back payments that wait in the pool again
 * @property {Payment[]} held payments that the winner's blocks hold too
 */

export class World {
  constructor() {
    /** @type {Record<Side, LabBlock[]>} */
    this.chains = { left: sampleChain(COMMON), right: sampleChain(COMMON) };
    /** @type {Record<Side, Payment[]>} */
    this.pools = { left: [ZOE, BOB], right: [] };
    this.isCut = false;
    /** @type {Meeting | null} */
    this.meeting = null;
    /** All steps in order, for a link: `l` and `r` for a block mined there, `x` for cut, `c` for connected. */
    this.story = "";
  }

  /** The block that a side mines next, with its proof still to be found. @param {Side} side */
  template(side) {
    const chain = this.chains[side];
    return blockAfter(chain[chain.length - 1], this.pools[side].slice(0, 1), { miner: side === "left" ? "Left" : "Right", seconds: SECONDS[side] });
  }

  /** Adds a mined block. @param {Side} side @param {LabBlock} block */
  add(side, block) {
    this.chains[side].push(block);
    this.pools[side] = without(this.pools[side], paymentsIn(block));
    if (side === "right" && this.chains.right.length === COMMON + 1 && !holds(this.chains.right, ZOE)) this.pools.right.push(ZOE);
    if (!this.isCut) this.meet();
  }

  cut() {
    this.isCut = true;
    this.meeting = null;
  }

  connect() {
    this.isCut = false;
    this.meet();
  }

  /** The longer chain wins. At equal length each side keeps its own. */
  meet() {
    const { left, right } = this.chains;
    if (left.length === right.length) return;
    const [winner, loser] = /** @type {[Side, Side]} */ (left.length > right.length ? ["left", "right"] : ["right", "left"]);
    const fork = this.fork;
    const givenUp = this.chains[loser].slice(fork), won = this.chains[winner].slice(fork);
    const paid = givenUp.flatMap(paymentsIn);
    const back = paid.filter((each) => !holds(won, each)), held = paid.filter((each) => holds(won, each));
    const waiting = [...this.pools[winner], ...this.pools[loser]].filter((each, at, all) => all.findIndex((other) => same(other, each)) === at);
    const pool = [...back, ...waiting].filter((each) => !holds(this.chains[winner], each));
    this.chains[loser] = [...this.chains[winner]];
    this.pools = { left: pool, right: [...pool] };
    if (givenUp.length) this.meeting = { winner, loser, givenUp, won, back, held };
  }

  /** How many blocks both chains have in common. */
  get fork() {
    const { left, right } = this.chains;
    const differ = left.findIndex((block, at) => !right[at] || hashOf(block) !== hashOf(right[at]));
    return differ < 0 ? left.length : differ;
  }
}

/** @param {Payment} a @param {any} b */
const same = (a, b) => inWords(a) === inWords(b);

/** @param {LabBlock[]} chain @param {Payment} payment */
const holds = (chain, payment) => chain.flatMap(paymentsIn).some((each) => same(payment, each));

/** @param {Payment[]} pool @param {any[]} paid */
const without = (pool, paid) => pool.filter((each) => !paid.some((other) => same(each, other)));
