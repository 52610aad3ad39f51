// Workers under `require-trusted-types-for 'script'`: one policy, which lets only this page's own files pass.

/** @type {any} */
const types = /** @type {any} */ (globalThis).trustedTypes;

const policy = types?.createPolicy("ledger", {
  createScriptURL: (/** @type {string} */ url) => {
    if (new URL(url).origin !== location.origin) throw new TypeError(`not a file of this page: ${url}`);
    return url;
  },
});

/**
 * A worker from a file of this page.
 * @param {URL} url
 */
export const worker = (url) => new Worker(policy ? policy.createScriptURL(url.href) : url.href, { type: "module" });
