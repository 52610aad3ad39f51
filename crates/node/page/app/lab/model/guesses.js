// SHA-256 (FIPS 180-4) of many short texts that differ only in a number, as far as a search needs it. A text is padded once,
// and its number is incremented in place. Code that shows a proof hashes it again, with the library.

const BLOCK = 64;

/** The first 32 bits of the fractional parts of roots of primes. @param {number} count @param {number} root */
function fractions(count, root) {
  const words = [];
  for (let n = 2; words.length < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (isPrime) words.push(((n ** (1 / root) % 1) * 2 ** 32) | 0);
  }
  return Int32Array.from(words);
}

const K = fractions(64, 3);
const START = fractions(8, 2);
const W = new Int32Array(64);

/** Adds one block of the message to the state. @param {Int32Array} state @param {Uint8Array} bytes @param {number} at */
function compress(state, bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/** A guess: a text around a number that counts upwards. */
export class Guess {
  /** @param {string} before @param {string} after both in ASCII */
  constructor(before, after) {
    this.before = before;
    this.after = after;
    this.state = new Int32Array(8);
    this.bytes = new Uint8Array(0);
    /** Positions of the number's first and last digit. */
    this.first = this.last = 0;
    this.write("0");
  }

  /** Writes the text with a number of another length, and pads it. @param {string} number */
  write(number) {
    const text = new TextEncoder().encode(this.before + number + this.after);
    this.bytes = new Uint8Array(Math.ceil((text.length + 9) / BLOCK) * BLOCK);
    this.bytes.set(text);
    this.bytes[text.length] = 0x80;
    new DataView(this.bytes.buffer).setUint32(this.bytes.length - 4, 8 * text.length);
    this.first = this.before.length;
    this.last = this.first + number.length - 1;
  }

  /** Increments the number. */
  next() {
    const { bytes } = this;
    let at = this.last;
    while (at >= this.first && bytes[at] === 57) bytes[at--] = 48;
    if (at >= this.first) bytes[at] += 1;
    else this.write(`1${"0".repeat(this.last - this.first + 1)}`);
  }

  /** The first 32 bits of the hash, as an unsigned number. */
  hash() {
    this.state.set(START);
    for (let at = 0; at < this.bytes.length; at += BLOCK) compress(this.state, this.bytes, at);
    return this.state[0] >>> 0;
  }
}
