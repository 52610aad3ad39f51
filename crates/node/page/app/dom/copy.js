// Copies text. The clipboard API does not exist on plain HTTP from another host, so a selected field is the fallback.
import { t } from "../texts/texts.js";
import { ask } from "./dialog.js";
import { el } from "./el.js";

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return bySelection(text);
  }
}

/** @param {string} text */
function bySelection(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = el("textarea.vh", { "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

/** @param {string} text */
function byHand(text) {
  const field = el("textarea.mono", { rows: 6, readonly: true, "aria-label": t("copy.hand") });
  field.value = text;
  ask(t("copy.hand"), [field]);
  field.select();
}

/**
 * Copies a text, and says so on the button for two seconds.
 * @param {string} text @param {HTMLElement} [button]
 */
export async function copy(text, button) {
  if (!(await copied(text))) return byHand(text);
  if (!button || button.dataset.said) return;
  const before = [...button.childNodes];
  button.dataset.said = "yes";
  button.replaceChildren(el("span.tiny", { role: "status" }, t("copy.done")));
  setTimeout(() => {
    delete button.dataset.said;
    button.replaceChildren(...before);
  }, 2000);
}
