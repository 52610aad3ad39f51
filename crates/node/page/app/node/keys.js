// Makes keys and signatures in a worker; both can be cancelled. Keys stay in memory until the page is reloaded.
import { addressOfKey } from "../core/rsa.js";
import { worker } from "../dom/trusted.js";

/** @typedef {import("../core/rsa.js").Key} Key */

/** The key that signs payments in this page. @type {{key: Key, address: string} | null} */
export let own = null;

/** @param {Key | null} key null forgets it */
export function useKey(key) {
  own = key && { key, address: addressOfKey(key) };
}

/**
 * @param {object} request @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
function ask(request, signal) {
  return new Promise((resolve, reject) => {
    const helper = worker(new URL("../core/keyWorker.js", import.meta.url));
    const end = (/** @type {() => void} */ act) => {
      helper.terminate();
      act();
    };
    helper.onmessage = ({ data }) => end(() => resolve(data));
    helper.onerror = (event) => end(() => reject(new Error(event.message)));
    signal.addEventListener("abort", () => end(() => reject(signal.reason)), { once: true });
    helper.postMessage(request);
  });
}

/** Makes a key of 2048 bits. @param {AbortSignal} signal @returns {Promise<Key>} */
export const makeKey = (signal) => ask({}, signal);

/** @param {string} message @param {Key} key @param {AbortSignal} signal @returns {Promise<string>} base64 */
export const sign = (message, key, signal) => ask({ message, key }, signal);
