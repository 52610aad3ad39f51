// The payment that is being written. It tells every part of the view about changes.
import { walletOf } from "../../core/address.js";
import { own } from "../../node/keys.js";
import { named } from "../../node/who/names.js";
import { addressOf } from "../../node/who/seen.js";

export class Draft {
  /** @param {string} to @param {string} amount */
  constructor(to, amount) {
    this.to = to;
    this.amount = amount;
    /** @type {{text: string, message: string} | null} base64, and what it signs */
    this.signature = null;
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  get sender() {
    return own?.address ?? "";
  }

  /** The recipient: the address that a name or fingerprint stands for, or the text itself. */
  get recipient() {
    const text = this.to.trim();
    if (walletOf(text)) return text;
    const prints = /^[0-9a-f]{16}$/.test(text) ? [text] : text ? named(text) : [];
    return (prints.length === 1 && addressOf(prints[0])) || this.to;
  }

  /** What is signed: the three parts with nothing between them. */
  get message() {
    return this.sender + this.recipient + this.amount;
  }

  /** Whether the signature signs the payment as it is now. */
  get isSigned() {
    return this.signature !== null && this.signature.message === this.message;
  }
}
