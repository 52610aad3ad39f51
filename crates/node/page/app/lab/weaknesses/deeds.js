// The nine weaknesses. Seven are tried on the Lab's own chain, on a signature or on two texts.
import { hex, md5Bytes } from "../../core/hash.js";
import { Numeral } from "../../core/json.js";
import { addressOfKey, fits, sign } from "../../core/rsa.js";
import { fromBase64 } from "../../core/address.js";
import { ZEROS, blockAfter, sampleChain } from "../model/sample.js";
import { sampleKey } from "../model/sampleKey.js";
import { mineAfter } from "../model/search.js";
import { verify } from "../model/verify.js";
import { COLLISION } from "./collision.js";

/** @typedef {import("../model/sample.js").LabBlock} LabBlock */
/**
 * @typedef {object} Deed the outcome of trying a weakness
 * @property {LabBlock[]} [chain] the chain afterwards
 * @property {number} [changed] the block that was changed
 * @property {boolean} holds whether it worked: checked by the node's rules, or by the arithmetic itself
 */
/** @typedef {(signal: AbortSignal) => Promise<Deed>} Do */

const EMPTY = { sender: "alice", recipient: "bob", amount: "1000" };
const UNSIGNED = { sender: "Zoë", recipient: "mallory", amount: "7" };

/** Whether the node's rules accept a chain. @param {LabBlock[]} chain @param {AbortSignal} signal */
const isValid = async (chain, signal) => (await verify(chain, ZEROS, signal)).every(({ verdict }) => verdict === "valid");

/** Adds a mined block with payments to the sample. @param {any[]} payments @param {AbortSignal} signal */
async function withBlock(payments, signal) {
  const chain = sampleChain();
  const last = chain[chain.length - 1];
  const block = blockAfter(last, payments);
  await mineAfter(block, last, ZEROS, signal);
  return [...chain, block];
}

/** @param {any[]} payments @returns {Do} */
const paying = (payments) => async (signal) => {
  const chain = await withBlock(payments, signal);
  return { chain, changed: chain.length, holds: await isValid(chain, signal) };
};

/** @type {Do} */
async function award(signal) {
  const chain = sampleChain();
  const last = chain[chain.length - 1].transactions;
  last[last.length - 1].amount = new Numeral("1000");
  return { chain, changed: chain.length, holds: await isValid(chain, signal) };
}

/** One signature for two payments: it opens to the same number. @type {Do} */
async function twoReadings() {
  const key = sampleKey();
  const address = addressOfKey(key);
  const signature = fromBase64(sign(`${address}bob15`, key));
  return { holds: signature !== null && fits(address + "bob1" + "5", signature, key) };
}

/** @type {Do} */
async function collision() {
  const [one, other] = COLLISION;
  return { holds: hex(one) !== hex(other) && hex(md5Bytes(one)) === hex(md5Bytes(other)) };
}

/** @type {Do} */
async function fromNowhere(signal) {
  const [genesis] = sampleChain(1);
  genesis.timestamp = new Numeral("1.5");
  const chain = [genesis];
  while (chain.length < 6) {
    const last = chain[chain.length - 1];
    const block = blockAfter(last, [], { miner: "mallory" });
    await mineAfter(block, last, ZEROS, signal);
    chain.push(block);
  }
  return { chain, changed: 1, holds: await isValid(chain, signal) };
}

/** A fact about the node or the line, which the page states without trying it. @type {Do} */
const fact = async () => ({ holds: true });

/** In the order of docs/protocol.md. @type {[string, Do][]} */
export const DEEDS = [
  ["award", award],
  ["readings", twoReadings],
  ["again", paying([{ sender: "bob", recipient: "alice", amount: "1" }, { sender: "bob", recipient: "alice", amount: "1" }])],
  ["empty", paying([EMPTY])],
  ["unsigned", paying([UNSIGNED])],
  ["collision", collision],
  ["nowhere", fromNowhere],
  ["foreign", fact],
  ["wire", fact],
];
