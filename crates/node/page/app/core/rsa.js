// RSASSA-PKCS1-v1_5 with MD5 (RFC 8017 section 8.2), as the classic rules sign. MD5 is broken: the Lab shows how.
import { IFCPrimes } from "../../vendor/micro-rsa-dsa-dh/rsa.js";
import { invert, pow } from "../../vendor/micro-rsa-dsa-dh/utils.js";
import { toBase64 } from "./address.js";
import { integers, publicKey } from "./der.js";
import { bytes, hex, md5Bytes } from "./hash.js";

/** DigestInfo of MD5, before the 16 bytes of the digest. */
const MD5_INFO = "3020300c06082a864886f70d020505000410";
const BITS = 2048;
const EXPONENT = 65537n;

/**
 * @typedef {object} Key
 * @property {bigint} n
 * @property {bigint} e
 * @property {bigint} d
 * @property {bigint} p
 * @property {bigint} q
 */

/** Makes a key of 2048 bits, which takes seconds. @returns {Key} */
export function makeKey() {
  const { p, q } = IFCPrimes(BITS, EXPONENT);
  return fromPrimes(p, q, EXPONENT);
}

/** @param {bigint} p @param {bigint} q @param {bigint} e @returns {Key} */
function fromPrimes(p, q, e) {
  return { n: p * q, e, d: invert(e, (p - 1n) * (q - 1n)), p, q };
}

/** Length of a modulus in bytes. @param {bigint} n */
const sizeOf = (n) => Math.ceil(n.toString(16).length / 2);

/** The number that a signature of a message opens to, in hex. @param {string} message @param {bigint} n */
function encoded(message, n) {
  const tail = `00${MD5_INFO}${hex(md5Bytes(bytes(message)))}`;
  return `0001${tail.padStart(2 * sizeOf(n) - 4, "f")}`;
}

/** @param {string} message @param {Key} key @returns {string} base64 */
export function sign(message, key) {
  const opened = BigInt(`0x${encoded(message, key.n)}`);
  return toBase64(fromHex(power(opened, key).toString(16), sizeOf(key.n)));
}

/** value^d mod n by the Chinese remainder theorem, which is four times faster. @param {bigint} value @param {Key} key */
function power(value, { d, p, q }) {
  const [inP, inQ] = [pow(value % p, d % (p - 1n), p), pow(value % q, d % (q - 1n), q)];
  const difference = (((inP - inQ) * invert(q % p, p)) % p + p) % p;
  return inQ + difference * q;
}

/** @param {string} digits @param {number} size in bytes */
function fromHex(digits, size) {
  const pairs = digits.padStart(2 * size, "0").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/**
 * What a signature opens to with the public key, in hex, as long as the modulus. Empty unless the signature has as many bytes as
 * the modulus, and is a smaller number.
 * @param {Uint8Array} signature @param {{n: bigint, e: bigint}} key
 */
export function opened(signature, { n, e }) {
  const value = BigInt(`0x${hex(signature) || "0"}`);
  if (signature.length !== sizeOf(n) || value >= n) return "";
  return pow(value, e, n).toString(16).padStart(2 * sizeOf(n), "0");
}

/**
 * Whether a signature of a message is by this key.
 * @param {string} message @param {Uint8Array} signature @param {{n: bigint, e: bigint}} key
 */
export const fits = (message, signature, key) => opened(signature, key) === encoded(message, key.n);

/** The MD5 inside an opened signature, or null if it is not a signature of this kind. @param {string} digits */
export function digestIn(digits) {
  const found = /^0001(?:ff){8,}00(.*)$/.exec(digits);
  return found?.[1].startsWith(MD5_INFO) ? found[1].slice(MD5_INFO.length) : null;
}

/** @param {string} label @param {Uint8Array} der */
export function pem(label, der) {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----`;
}

/** The address of a key: the base64 of its public half as PEM. @param {{n: bigint, e: bigint}} key */
export const addressOfKey = ({ n, e }) => btoa(pem("PUBLIC KEY", publicKey(n, e)));

/** The private key as PKCS#1 PEM. @param {Key} key */
export function privatePem({ n, e, d, p, q }) {
  return pem("RSA PRIVATE KEY", integers([0n, n, e, d, p, q, d % (p - 1n), d % (q - 1n), invert(q % p, p)]));
}
