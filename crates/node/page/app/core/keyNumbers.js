// Which numbers make an RSA key: the rules of the node, which refuses all others.
import { pow } from "../../vendor/micro-rsa-dsa-dh/utils.js";

const LEAST_BITS = 1024, MOST_BITS = 8192;
const MAX_EXPONENT = 2n ** 33n - 1n;

/** Whether a modulus has a size that the node takes. @param {bigint} n */
export function hasSize(n) {
  const bits = n.toString(2).length;
  return bits >= LEAST_BITS && bits <= MOST_BITS;
}

/** Whether these numbers make a public key. @param {{n: bigint, e: bigint}} key */
export const isPublicKey = ({ n, e }) => hasSize(n) && n % 2n === 1n && e % 2n === 1n && e >= 3n && e <= MAX_EXPONENT;

/**
 * Whether the numbers of a private key fit together, and its primes pass Fermat's test.
 * @param {import("./rsa.js").Key} key
 * @param {bigint[]} rest d mod p - 1, d mod q - 1, and the inverse of q mod p
 */
export function isSound({ n, e, d, p, q }, [dp, dq, inverse]) {
  if (p < 3n || q < 3n || p === q || p * q !== n) return false;
  if ((e * d) % (p - 1n) !== 1n || (e * d) % (q - 1n) !== 1n) return false;
  if (dp !== d % (p - 1n) || dq !== d % (q - 1n) || inverse >= p || (inverse * q) % p !== 1n) return false;
  return [p, q].every((prime) => pow(2n, prime - 1n, prime) === 1n);
}
