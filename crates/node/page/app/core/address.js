// What an address is: a wallet's public key, or any other text.
import { hex, sha256Bytes, sha256Hex } from "./hash.js";
import { publicKey, readBareKey, readKey } from "./der.js";
import { isPublicKey } from "./keyNumbers.js";

const PEM = /^-----BEGIN ((?:RSA )?PUBLIC KEY)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/;

/**
 * @typedef {object} Wallet
 * @property {string} fingerprint 16 hex digits: the start of the SHA-256 of the key in DER
 * @property {bigint} n
 * @property {bigint} e
 */

/** @param {string} base64 @returns {Uint8Array | null} */
export function fromBase64(base64) {
  try {
    return Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
  } catch {
    return null;
  }
}

/** @param {Uint8Array} data */
export const toBase64 = (data) => btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));

/** @type {Map<string, Wallet | null>} */
const known = new Map();
const MAX_KNOWN = 5000;

/**
 * The public key in an address, or null if the text is not the address of a wallet.
 * @param {string} text
 * @returns {Wallet | null}
 */
export function walletOf(text) {
  if (text.length < 100 || text.length > 6000) return null;
  let wallet = known.get(text);
  if (wallet === undefined) {
    wallet = parse(text);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, wallet);
  }
  return wallet;
}

/** @param {string} text @returns {Wallet | null} */
function parse(text) {
  const pem = fromBase64(text);
  const found = pem && PEM.exec(String.fromCharCode(...pem));
  const der = found && fromBase64(found[2].replace(/\s/g, ""));
  if (!der) return null;
  const isBare = found[1] !== "PUBLIC KEY";
  const key = isBare ? readBareKey(der) : readKey(der);
  if (!key || !isPublicKey(key)) return null;
  return { fingerprint: hex(sha256Bytes(isBare ? publicKey(key.n, key.e) : der)).slice(0, 16), ...key };
}

/**
 * The picture of an address: four cells of 16 shapes each, and one of six colours.
 * @param {string} text
 */
export function pictureOf(text) {
  const digest = sha256Hex(text);
  const byte = (/** @type {number} */ at) => parseInt(digest.slice(2 * at, 2 * at + 2), 16);
  const [upper, lower] = [byte(29), byte(30)];
  return { cells: [upper >> 4, upper & 15, lower >> 4, lower & 15], colour: byte(31) % 6 };
}
