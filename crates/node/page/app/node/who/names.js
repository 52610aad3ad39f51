// The names of nodes by the fingerprints of their wallets, as far as this node knows them.

/** @type {Map<string, string>} */
const names = new Map();

/** @param {string} fingerprint @returns {string | undefined} */
export const nameOf = (fingerprint) => names.get(fingerprint);

/** This node's own fingerprint. */
let own = "";

/** @param {string} fingerprint @param {string} name of this node */
export function setOwnName(fingerprint, name) {
  own = fingerprint;
  names.set(fingerprint, name);
}

/**
 * Notes the name that another node gives itself. Ignores one for this node's own wallet.
 * @param {string | null} fingerprint @param {string | null} name null if it is not known
 */
export function setName(fingerprint, name) {
  if (fingerprint && name && fingerprint !== own) names.set(fingerprint, name);
}

/**
 * The fingerprints of nodes whose name begins with a text.
 * @param {string} text
 */
export const named = (text) => [...names].filter(([, name]) => name.startsWith(text)).map(([fingerprint]) => fingerprint);
