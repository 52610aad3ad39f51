// SHA-256 and MD5, from a library: `crypto.subtle` does not exist on plain HTTP from another host.
import { md5 } from "../../vendor/noble-hashes/legacy.js";
import { sha256 } from "../../vendor/noble-hashes/sha2.js";
import { bytesToHex } from "../../vendor/noble-hashes/utils.js";

const utf8 = new TextEncoder();

/** @param {string} text */
export const bytes = (text) => utf8.encode(text);

/** @param {Uint8Array} data */
export const hex = (data) => bytesToHex(data);

/** @param {string | Uint8Array} data a text is hashed as UTF-8 */
export const sha256Bytes = (data) => sha256(typeof data === "string" ? utf8.encode(data) : data);

/** @param {string | Uint8Array} data */
export const sha256Hex = (data) => bytesToHex(sha256Bytes(data));

/** @param {Uint8Array} data */
export const md5Bytes = (data) => md5(data);

/**
 * How many zeros a hash begins with.
 * @param {string} digits
 */
export const zerosOf = (digits) => /^0*/.exec(digits)?.[0].length ?? 0;
