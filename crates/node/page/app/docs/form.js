// A form that sends one request and shows the answer as it came.
import { el, freshId, replace } from "../dom/el.js";
import { say, t } from "../texts/texts.js";
import { prose } from "./prose.js";
import { example } from "./schema.js";

/** The most characters of an answer that are shown. */
const SHOWN = 20_000;

/** @param {any} description @param {{path: string, method: string, operation: any}} route */
export function form(description, { path, method, operation }) {
  if (operation.responses["200"]?.content?.["text/event-stream"]) {
    return el("p", say("docs.endless", { command: el("code", `curl -N ${location.origin}${path}`) }));
  }
  const fields = (operation.parameters ?? []).map(field);
  const body = operation.requestBody && content(description, operation.requestBody);
  // Screen readers announce only the status: an answer may be long.
  const status = el("p", { role: "status" });
  const answer = el("pre", { hidden: true, tabindex: "0", role: "region", "aria-label": t("docs.answer") });
  const send = el("button.btn.btn-main", { type: "submit" }, t("docs.send"));
  let busy = false;
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    replace(status, "…");
    const came = await ask(target(path, fields), { method, body: body?.input.value, headers: { Accept: accepted(operation) } });
    busy = false;
    replace(status, came.status);
    answer.hidden = !came.text;
    replace(answer, came.text);
  };
  return el("form", { onsubmit: submit }, el("h3", t("docs.try")),
    fields.map((/** @type {any} */ one) => one.row), body?.row, send, status, answer);
}

/** @param {any} parameter */
function field(parameter) {
  const id = freshId();
  const input = el("input.mono", { id, required: parameter.required === true });
  const row = el("div.row", el("label", { for: id }, parameter.name), input, el("div.hint", prose(parameter.description ?? "")));
  return { parameter, input, row };
}

/** @param {any} description @param {any} requestBody */
function content(description, requestBody) {
  const id = freshId();
  const input = el("textarea.mono", { id, rows: 6, spellcheck: "false" });
  input.value = JSON.stringify(example(description, requestBody.content["application/json"].schema), null, 2);
  return { input, row: el("div.row", el("label", { for: id }, t("docs.body")), input) };
}

/** The path with its parts and parameters filled in. @param {string} path @param {any[]} fields */
function target(path, fields) {
  const query = new URLSearchParams();
  let filled = path;
  for (const { parameter, input } of fields) {
    const value = input.value;
    if (parameter.in === "path") filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value !== "") query.set(parameter.name, value);
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

/** The Accept header of a request: a node sends a page only if asked for one. @param {any} operation */
const accepted = ({ responses }) => (responses["200"]?.content?.["text/html"] ? "text/html" : "*/*");

/** @param {string} url @param {RequestInit & {headers: Record<string, string>}} request @returns {Promise<{status: string, text: string}>} */
async function ask(url, request) {
  const token = /** @type {HTMLInputElement} */ (document.getElementById("token")).value.trim();
  if (token) request.headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(url, request);
    const text = await answer.text();
    const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}\n${t("docs.more", { n: text.length - SHOWN })}` : text;
    return { status: `${answer.status} ${answer.statusText}`, text: cut };
  } catch {
    return { status: `${t("refused.silent")} ${t("refused.silentMore")}`, text: "" };
  }
}
