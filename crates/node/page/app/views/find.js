// Find, as a view: for a phone, and for links that name a search.
import { el } from "../dom/el.js";
import { searching } from "../parts/found.js";
import { t } from "../texts/texts.js";

/** @param {import("../shell/router.js").Place} place */
export function show({ query, scope }) {
  const field = el("input.mono", {
    id: "find-here", type: "search", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": "find-here-list",
  });
  const list = el("ul.found", { id: "find-here-list", role: "listbox", "aria-label": t("find.found"), hidden: true });
  const search = searching(scope, field, list);
  field.value = query.get("q") ?? "";
  if (field.value) search();
  const node = el("div.stack", el("h1", t("nav.find")), el("section.panel", el("div.panel-body.stack-s",
    el("div", el("label", { for: "find-here" }, t("find.placeholder")), field), list, el("p.tiny.muted.what", t("find.what")))));
  return { title: t("nav.find"), node };
}
