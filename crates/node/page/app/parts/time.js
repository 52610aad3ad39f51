// Times: an age that ticks, with the full time as its title. Anything but a time is shown as written.
import { el, replace } from "../dom/el.js";
import { say, t } from "../texts/texts.js";

const MAX_SECONDS = 8.64e12;
const STEPS = /** @type {[number, string][]} */ ([[86400, "d"], [3600, "h"], [60, "min"]]);

/** How far the node's clock is ahead of this device's, in seconds. */
let ahead = 0;

/** @param {number} seconds the node's time now */
export function setClock(seconds) {
  ahead = seconds - Date.now() / 1000;
}

export const now = () => Date.now() / 1000 + ahead;

/** @param {number} seconds Unix seconds @param {number} [digits] of a second: 3 or 0 */
export function utc(seconds, digits = 3) {
  const [day, time] = new Date(seconds * 1000).toISOString().split("T");
  return `${day} ${digits ? time.slice(0, -1) : time.slice(0, 8)} UTC`;
}

/** @param {number} seconds */
function words(seconds) {
  const [size, unit] = STEPS.find(([step]) => seconds >= step) ?? [1, "s"];
  return t(`time.${unit}`, { n: Math.floor(seconds / size) });
}

/** @param {number} seconds a span, in words: `12 s`, `4 min` */
export const span = (seconds) => words(Math.max(0, seconds));

/** @param {number} at */
function ageOf(at) {
  const age = now() - at;
  if (age >= -1) return say("time.ago", { age: words(Math.max(0, age)) });
  return say("time.ahead", { age: words(-age) });
}

/**
 * A block's age.
 * @param {number} at Unix seconds @param {string} written the timestamp as the block has it
 */
export function age(at, written) {
  if (!(Math.abs(at) < MAX_SECONDS)) return el("span", written);
  const full = utc(at);
  return el("time", { datetime: new Date(at * 1000).toISOString(), title: full, "data-at": at }, ageOf(at));
}

/** Updates all ages in the document. */
export function tick() {
  for (const time of document.querySelectorAll("time[data-at]")) {
    const fresh = ageOf(Number(time.getAttribute("data-at"))).join("");
    if (time.textContent !== fresh) replace(time, fresh);
  }
}

/** @param {number} [at] Unix seconds @returns {string} the time of day on this device: 04:52:10 */
export const clock = (at = Date.now() / 1000) => new Date(at * 1000).toTimeString().slice(0, 8);
