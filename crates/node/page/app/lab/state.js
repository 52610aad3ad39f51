// The state of a page of the Lab in its link: base64url of compact JSON, at most 2 kB.

const MOST = 2048;

/**
 * @param {string | null} text
 * @returns {any} null if there is none, or if it cannot be read
 */
export function stateIn(text) {
  if (!text || text.length > MOST) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (unit) => unit.charCodeAt(0));
    const state = JSON.parse(new TextDecoder().decode(bytes));
    return typeof state === "object" && state !== null && !Array.isArray(state) ? state : null;
  } catch {
    return null;
  }
}

/** @param {string} page @param {any} state @returns {string} the fragment */
export function fragmentOf(page, state) {
  const text = state ? encoded(state) : "";
  return `#/lab/${page}${text && text.length <= MOST ? `?s=${text}` : ""}`;
}

/** @param {string} page @param {any} state @returns {string} the whole address */
export const linkTo = (page, state) => `${location.origin}${location.pathname}${fragmentOf(page, state)}`;

/** @param {any} state */
function encoded(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
