// The Lab's own chain: the three blocks of docs/protocol.md and two more. sha256sum gives every hash on screen.
import { canonical } from "../../core/canonical.js";
import { sha256Hex } from "../../core/hash.js";
import { Numeral, read } from "../../core/json.js";

/** Zeros that the Lab's chain asks for. */
export const ZEROS = 4;

const REWARD = '{"amount": 1, "recipient": "miner", "sender": "0"}';
const TEXTS = [
  '{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1506057125.900785, "transactions": []}',
  '{"index": 2, "previous_hash": "d85fef204eb00541bc3983bbc3540594e32bf6e82e8a5bfb12dc0f3efcf6b0a6", "proof": 95196, ' +
    `"timestamp": 1506057185.0, "transactions": [${REWARD}]}`,
  '{"index": 3, "previous_hash": "4c0a306c1c8268bdf8cc076e5660aab813916f87505af971488a0a68f0942b04", "proof": 104390, ' +
    `"timestamp": 1506057245.25, "transactions": [{"amount": "5", "recipient": "Zo\\u00eb", "sender": "alice"}, ${REWARD}]}`,
  '{"index": 4, "previous_hash": "3ee51fea5543fef04cb761bd283f50b43fe4f44af17a35c5743de8e3480def31", "proof": 2867, ' +
    `"timestamp": 1506057305.5, "transactions": [{"amount": "2", "recipient": "bob", "sender": "Zo\\u00eb"}, ${REWARD}]}`,
  '{"index": 5, "previous_hash": "d97be49a45cdf44adb91ece255c751ab85f5ece497ac1ab2b7c948e03b0e1f96", "proof": 36876, ' +
    `"timestamp": 1506057365.75, "transactions": [{"amount": "1", "recipient": "alice", "sender": "bob"}, ${REWARD}]}`,
];

/**
 * A block of the Lab: its members as `json.read` returns them. They may be changed.
 * @typedef {{index: Numeral, previous_hash: any, proof: Numeral, timestamp: Numeral, transactions: any[]}} LabBlock
 */

/** The most transactions that a block may have in the Lab. */
export const MAX_TRANSACTIONS = 20;

/**
 * The block that a link holds.
 * @param {any} text its canonical text
 * @returns {LabBlock | null} null if the link was cut, or the block has too many transactions
 */
export function blockIn(text) {
  try {
    const block = read(String(text));
    const isBlock = block?.proof instanceof Numeral && block.index instanceof Numeral && Array.isArray(block.transactions);
    return isBlock && block.transactions.length <= MAX_TRANSACTIONS ? block : null;
  } catch {
    return null;
  }
}

/** @param {number} [count] @returns {LabBlock[]} */
export const sampleChain = (count = TEXTS.length) => TEXTS.slice(0, count).map(read);

/** @param {LabBlock} block */
export const hashOf = (block) => sha256Hex(canonical(block));

/** The text of a previous hash. @param {LabBlock} block */
export const previousOf = (block) => (block.previous_hash instanceof Numeral ? block.previous_hash.text : block.previous_hash);

/**
 * The block after another, with its proof still to be found.
 * @param {LabBlock} before @param {{sender: string, recipient: string, amount: string}[]} payments @param {{miner?: string, seconds?: number, reward?: string}} [more]
 * @returns {LabBlock}
 */
export function blockAfter(before, payments, { miner = "miner", seconds = 60.25, reward = "1" } = {}) {
  const transactions = [...payments, { sender: "0", recipient: miner, amount: new Numeral(reward) }];
  return {
    index: new Numeral(String(Number(before.index.text) + 1)), previous_hash: hashOf(before), proof: new Numeral("0"),
    timestamp: new Numeral(String(Number(before.timestamp.text) + seconds)), transactions,
  };
}

/** The payments of a block, without its reward. @param {LabBlock} block */
export const paymentsIn = (block) => block.transactions.filter(({ sender }) => sender !== "0");

/** A payment in words. @param {{sender: string, recipient: string, amount: any}} payment */
export const inWords = ({ sender, recipient, amount }) => `${sender} → ${recipient} ${amount}`;
