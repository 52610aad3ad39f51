// The search in the top bar.
import { el } from "../dom/el.js";
import { searching } from "../parts/found.js";
import { t } from "../texts/texts.js";

/** @param {import("../dom/scope.js").Scope} scope */
export function findForm(scope) {
  const field = el("input", {
    id: "find", type: "search", placeholder: t("find.placeholder"), autocomplete: "off", role: "combobox",
    "aria-expanded": "false", "aria-controls": "find-list", "aria-autocomplete": "list",
  });
  const list = el("ul.found.panel", { id: "find-list", role: "listbox", "aria-label": t("find.found"), hidden: true });
  searching(scope, field, list, () => {
    field.value = "";
    field.blur();
  });
  return el("form.find", { role: "search", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    el("label.vh", { for: "find" }, t("find.label")), field, el("kbd", { "aria-hidden": "true" }, "/"), list);
}
