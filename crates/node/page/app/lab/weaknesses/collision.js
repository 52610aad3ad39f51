// Two different texts with one MD5, published by Wang, Feng, Lai and Yu in 2004 (eprint.iacr.org/2004/199).

const ONE =
  "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f8955ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b" +
  "d8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70";
/** Positions of the six bytes in which the other differs. */
const DIFFERENT = [19, 45, 59, 83, 109, 123];

const one = Uint8Array.from(ONE.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Both texts. @type {[Uint8Array, Uint8Array]} */
export const COLLISION = [one, one.map((byte, at) => (DIFFERENT.includes(at) ? byte ^ 0x80 : byte))];
