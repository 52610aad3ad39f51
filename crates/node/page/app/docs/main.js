// Lists the routes that /openapi.json describes, each with a form to try it. The description is not translated.
import { el, replace } from "../dom/el.js";
import { loadLanguage, t } from "../texts/texts.js";
import { prose } from "./prose.js";
import { members } from "./schema.js";
import { form } from "./form.js";

/** Who may use a route, as the tags of the description name it. */
const GROUPS = ["read", "submit", "owner"];

await loadLanguage();
document.title = `${t("nav.api")} · Ledger`;
const routes = el("main.docs", { id: "routes" }, el("p", t("docs.asking")));
document.body.replaceChildren(el("header.docs", el("h1", t("docs.title")),
  el("p", el("a", { href: "/" }, t("docs.ledger")), " · ", el("a", { href: "/openapi.json" }, "openapi.json"))), routes);

try {
  const description = await (await fetch("/openapi.json")).json();
  replace(routes, token(), GROUPS.map((tag) => [el("h2", t(`docs.${tag}`)), ...group(description, tag)]));
} catch {
  const again = el("button.btn", { type: "button", onclick: () => location.reload() }, t("refused.again"));
  replace(routes, el("p", { role: "alert" }, t("refused.silent"), " ", t("refused.silentMore")), again);
}

/** The field for the owner's token, which all forms read. */
function token() {
  const field = el("input.mono", { id: "token", type: "password", autocomplete: "off" });
  return el("div.row", el("label", { for: "token" }, t("docs.token")), field);
}

/** @param {any} description @param {string} tag */
function group(description, tag) {
  const all = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
  return all.filter(({ operation }) => operation.tags?.includes(tag)).map((route) => shown(description, route));
}

/** @param {any} description @param {{path: string, method: string, operation: any}} route */
function shown(description, route) {
  const { path, method, operation } = route;
  const inside = el("div.inside");
  const details = el("details", el("summary", el("code", `${method} ${path}`), el("span", operation.summary)), inside);
  // Filled when it is opened: all sections would make a long page.
  details.addEventListener("toggle", () => replace(inside,
    operation.description && el("div", prose(operation.description)),
    body(description, operation), answers(description, operation), form(description, route)), { once: true });
  return details;
}

/** @param {any} description @param {any} operation */
function body(description, operation) {
  const schema = operation.requestBody?.content["application/json"].schema;
  return schema && [el("h3", t("docs.body")), table(members(description, schema))];
}

/** @param {any} description @param {any} operation */
function answers(description, operation) {
  const rows = Object.entries(operation.responses).map(([status, answer]) => [status, answer.description]);
  const schema = operation.responses["200"]?.content?.["application/json"]?.schema
    ?? operation.responses["201"]?.content?.["application/json"]?.schema;
  const parts = schema ? members(description, schema) : [];
  return [el("h3", t("docs.answers")), table(rows), parts.length > 0 && [el("h3", t("docs.members")), table(parts)]];
}

/** @param {string[][]} rows */
function table(rows) {
  return el("table", el("tbody", rows.map(([name, ...rest]) =>
    el("tr", el("th", { scope: "row" }, el("code", name)), rest.map((text) => el("td", prose(text)))))));
}
