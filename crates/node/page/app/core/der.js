// Just enough DER for RSA keys: RFC 8017 appendix A.1 and RFC 5280 section 4.1.
import { hex } from "./hash.js";

const RSA = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** @param {number} tag @param {ArrayLike<number>} body */
function element(tag, body) {
  const size = [];
  for (let left = body.length; left > 0; left >>= 8) size.unshift(left & 255);
  const length = body.length < 128 ? [body.length] : [128 + size.length, ...size];
  return [tag, ...length, ...Array.from(body)];
}

/** @param {bigint} value */
function integer(value) {
  const digits = value.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const padded = parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even;
  return element(2, (padded.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

/** @param {bigint[]} values a sequence of integers */
export const integers = (values) => Uint8Array.from(element(0x30, values.flatMap(integer)));

/** @param {bigint} n @param {bigint} e a SubjectPublicKeyInfo */
export function publicKey(n, e) {
  const bits = element(3, [0, ...integers([n, e])]);
  return Uint8Array.from(element(0x30, [...RSA, ...bits]));
}

/**
 * Takes the next element: its tag, its body, and what follows.
 * @param {Uint8Array} data
 * @returns {{tag: number, body: Uint8Array, rest: Uint8Array} | null}
 */
function next(data) {
  if (data.length < 2) return null;
  const many = data[1] > 128 ? data[1] - 128 : 0;
  if (many > 3) return null;
  let length = many ? 0 : data[1];
  for (const byte of data.subarray(2, 2 + many)) length = length * 256 + byte;
  const start = 2 + many;
  if (data.length < start + length) return null;
  return { tag: data[0], body: data.subarray(start, start + length), rest: data.subarray(start + length) };
}

/**
 * The integers that a sequence begins with, or null if the data is not a sequence.
 * @param {Uint8Array} data
 * @returns {bigint[] | null}
 */
export function readIntegers(data) {
  const sequence = next(data);
  if (sequence?.tag !== 0x30) return null;
  const values = [];
  for (let left = sequence.body; left.length; ) {
    const part = next(left);
    // A key has no negative numbers.
    if (!part || part.tag !== 2 || !part.body.length || part.body[0] > 127) break;
    values.push(BigInt(`0x${hex(part.body)}`));
    left = part.rest;
  }
  return values;
}

/** @typedef {{n: bigint, e: bigint}} PublicNumbers */

/**
 * Reads a public key in PKCS#1, which has no algorithm before it.
 * @param {Uint8Array} der
 * @returns {PublicNumbers | null}
 */
export function readBareKey(der) {
  const [n, e] = readIntegers(der) ?? [];
  return n && e ? { n, e } : null;
}

/**
 * Reads a SubjectPublicKeyInfo of RSA.
 * @param {Uint8Array} der
 * @returns {PublicNumbers | null}
 */
export function readKey(der) {
  const outer = next(der);
  const algorithm = outer && next(outer.body);
  const bits = algorithm && next(algorithm.rest);
  if (!bits || bits.tag !== 3 || outer?.rest.length) return null;
  return readBareKey(bits.body.subarray(1));
}

/**
 * The PKCS#1 key inside a PKCS#8 key.
 * @param {Uint8Array} der
 * @returns {Uint8Array | null}
 */
export function insidePkcs8(der) {
  const outer = next(der);
  const version = outer && next(outer.body);
  const algorithm = version && next(version.rest);
  const key = algorithm && next(algorithm.rest);
  return key && key.tag === 4 ? key.body : null;
}
