// The one kind of dialog: a title, what it shows, and buttons.
import { t } from "../texts/texts.js";
import { el } from "./el.js";

/**
 * Opens a dialog. Returns the function that closes it.
 * @param {string} title @param {import("./el.js").Child[]} children @param {() => void} [accept] what the main button does
 */
export function ask(title, children, accept) {
  const close = () => dialog.close();
  const buttons = accept
    ? [el("button.btn.btn-main", { type: "submit" }, t("dialog.accept")), closer(t("dialog.cancel"), close)]
    : [closer(t("dialog.close"), close)];
  const form = el("form.stack-s", { method: "dialog", onsubmit: () => accept?.() },
    el("h2", { id: "dialog-title" }, title), ...children, el("div.row", ...buttons));
  const dialog = el("dialog.dialog", { "aria-labelledby": "dialog-title", onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
  return close;
}

/** @param {string} words @param {() => void} close */
const closer = (words, close) => el("button.btn", { type: "button", onclick: close }, words);
