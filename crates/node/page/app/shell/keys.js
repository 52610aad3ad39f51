// Single-key shortcuts. None acts in a field, and the menu can turn them off. Only Escape always cancels mining.
import { cancel, mine, mining } from "../node/mining.js";
import { status } from "../node/status.js";
import { kept } from "../texts/kept.js";
import { showKeys } from "./keyList.js";
import { here } from "./router.js";
import { otherTheme } from "./theme.js";

/** @type {Record<string, string>} */
const PLACES = { c: "#/", p: "#/pay", n: "#/network", l: "#/lab/hash" };
let afterG = false;

/** @type {Record<string, () => void>} */
const ACTS = {
  "/": () => document.getElementById("find")?.focus(),
  m: () => {
    if (status?.owner && here().name !== "lab") mine();
  },
  j: () => step(1),
  k: () => step(-1),
  ArrowLeft: () => press("newer"),
  ArrowRight: () => press("older"),
  y: () => press("copy-hash"),
  t: otherTheme,
  "?": showKeys,
};

/** Listens for keys for the whole life of the page. */
export function start() {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && mining.asked) cancel();
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event) || kept("keys") === "off") return;
    if (act(event.key)) event.preventDefault();
  });
}

/** @param {KeyboardEvent} event */
function inField(event) {
  const target = /** @type {Element} */ (event.target);
  return target.closest("input, textarea, select, dialog") !== null || (event.key.startsWith("Arrow") && target.closest("[tabindex='0'], .seg") !== null);
}

/** @param {string} key @returns {boolean} whether it did something */
function act(key) {
  const place = afterG ? PLACES[key] : undefined;
  afterG = key === "g";
  if (place) location.hash = place;
  else ACTS[key]?.();
  return Boolean(place) || key in ACTS;
}

/** @param {number} by rows */
function step(by) {
  const links = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main [data-row] a.strong"))];
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
}

/** @param {string} name of the element to press */
const press = (name) => /** @type {HTMLElement | null} */ (document.querySelector(`main [data-key="${name}"]`))?.click();
