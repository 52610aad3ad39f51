// Reads a secret as people paste it: the base64 that a node prints, or PEM with PKCS#1 or PKCS#8.
import { fromBase64 } from "./address.js";
import { insidePkcs8, readIntegers } from "./der.js";
import { hasSize, isPublicKey, isSound } from "./keyNumbers.js";

const PEM = /-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END/;

/** Why a text is not a secret; `key` names the sentence that says so. */
export class NoSecret extends Error {
  /** @param {string} key of the texts */
  constructor(key) {
    super(key);
    this.key = key;
  }
}

/**
 * @param {string} text
 * @returns {import("./rsa.js").Key}
 * @throws {NoSecret}
 */
export function readSecret(text) {
  const found = PEM.exec(text) ?? PEM.exec(unwrapped(text));
  // The headers of a PKCS#1 key with a password are not base64, so PEM does not match it.
  if (!found) throw new NoSecret(text.includes("ENCRYPTED") ? "key.encrypted" : text.trim() ? "key.unknown" : "key.empty");
  const [, label, base64] = found;
  if (label.includes("PUBLIC") || label.includes("CERTIFICATE")) throw new NoSecret("key.public");
  if (label.includes("ENCRYPTED") || label.includes("OPENSSH")) throw new NoSecret("key.encrypted");
  const der = fromBase64(base64.replace(/\s/g, ""));
  if (!der) throw new NoSecret("key.unknown");
  return checked(readIntegers(insidePkcs8(der) ?? der));
}

/** The PEM inside the base64 that a node prints. @param {string} text */
function unwrapped(text) {
  const inner = fromBase64(text.replace(/[\s'"]/g, ""));
  return inner ? String.fromCharCode(...inner) : "";
}

/** @param {bigint[] | null} numbers */
function checked(numbers) {
  if (!numbers || numbers.length < 9) throw new NoSecret("key.unknown");
  const [, n, e, d, p, q, ...rest] = numbers;
  const key = { n, e, d, p, q };
  if (!hasSize(n)) throw new NoSecret("key.size");
  if (!isPublicKey(key) || !isSound(key, rest)) throw new NoSecret("key.damaged");
  return key;
}
