// Sentences in the chosen language. A sentence is whole; values go into its places: "{n} {n|payment waits|payments wait}".
import { figure } from "../parts/figures.js";
import { english } from "./en.js";
import { keep, kept } from "./kept.js";

/** @typedef {import("../dom/el.js").Leaf} Leaf */
/** @typedef {Record<string, any>} Values */

const PLACE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/;

/** @type {Record<string, string>} */
let sentences = english;

/** The language of the page: `en` or `zh`. */
export let language = "en";

/**
 * Loads the language kept on this device, or else the browser's.
 */
export async function loadLanguage() {
  language = kept("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  if (language === "zh") sentences = (await import("./zh.js")).chinese;
  else sentences = english;
  document.documentElement.lang = language;
}

/** @param {"en" | "zh"} chosen */
export async function chooseLanguage(chosen) {
  keep("language", chosen);
  await loadLanguage();
}

/** @param {string} key @returns {boolean} */
export const hasText = (key) => key in english;

/**
 * A sentence as a list of texts and nodes. Numbers become figures.
 * @param {string} key
 * @param {Values} [values] numbers, texts, nodes
 * @returns {Leaf[]}
 */
export function say(key, values = {}) {
  return split(key, values, (value) => (typeof value === "number" || typeof value === "bigint" ? figure(value) : value));
}

/**
 * A sentence as a text, for labels and titles.
 * @param {string} key
 * @param {Values} [values] numbers and texts
 */
export const t = (key, values = {}) => split(key, values, String).join("");

/** @param {string} key @param {Values} values @param {(value: any) => any} show */
function split(key, values, show) {
  const parts = [];
  let rest = sentences[key] ?? english[key];
  if (rest === undefined) throw new Error(`no text is called ${key}`);
  for (let place; (place = PLACE.exec(rest)); rest = rest.slice(place.index + place[0].length)) {
    const [, name, one, many] = place;
    parts.push(rest.slice(0, place.index));
    parts.push(one === undefined ? show(values[name] ?? "") : String(values[name]) === "1" ? one : many);
  }
  return [...parts, rest].filter((part) => part !== "");
}
