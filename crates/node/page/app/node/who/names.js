// The names of nodes by the fingerprints of their wallets, as far as this node knows them.

/** @type {Map<string, string>} */
const names = new Map();

/** @param {string} fingerprint @returns {string | undefined} */
export const nameOf = (fingerprint) => names.get(fingerprint);

/** @param {string} fingerprint @param {string} name */
export const setName = (fingerprint, name) => names.set(fingerprint, name);

/**
 * The fingerprints of nodes whose name begins with a text.
 * @param {string} text
 */
export const named = (text) => [...names].filter(([, name]) => name.startsWith(text)).map(([fingerprint]) => fingerprint);
