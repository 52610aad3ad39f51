import { copy } from "../dom/copy.js";
import { el } from "../dom/el.js";
import { icon } from "../dom/icons.js";

/**
 * A small button that copies a text.
 * @param {string} text @param {string} label what it copies
 */
export const copyButton = (text, label) =>
  el("button.copy", { type: "button", "aria-label": label, onclick: (/** @type {Event} */ event) =>
    copy(text, /** @type {HTMLElement} */ (event.currentTarget)) }, icon("copy"));

/**
 * A button with words that copies a text.
 * @param {() => string} text @param {string} words @param {string} [classes]
 */
export const copyWords = (text, words, classes = "btn.btn-s") =>
  el(`button.${classes}`, { type: "button", onclick: (/** @type {Event} */ event) =>
    copy(text(), /** @type {HTMLElement} */ (event.currentTarget)) }, icon("copy"), " ", words);
