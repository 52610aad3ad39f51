// Counts upwards until a hash begins with zeros.
import { Guess } from "./guesses.js";

const TELL_MS = 100;
/** Tries between two readings of the clock. */
const STRIDE = 4096;

addEventListener("message", ({ data }) => find(data));

/** @param {{before: string, after: string, zeros: number}} puzzle at most 8 zeros */
function find({ before, after, zeros }) {
  const guess = new Guess(before, after);
  const bound = 2 ** (32 - 4 * zeros);
  const started = performance.now();
  let told = started;
  for (let proof = 0; ; proof++, guess.next()) {
    if (guess.hash() < bound) return postMessage({ proof: String(proof), tries: proof + 1, seconds: (performance.now() - started) / 1000 });
    if (proof % STRIDE) continue;
    const now = performance.now();
    if (now - told < TELL_MS) continue;
    told = now;
    postMessage({ tries: proof + 1, seconds: (now - started) / 1000 });
  }
}
