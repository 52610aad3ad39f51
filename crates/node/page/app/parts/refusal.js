// What went wrong, in our words where we know them, and always in the node's own.
import { Refusal, Silence } from "../node/client.js";
import { status } from "../node/status.js";
import { el } from "../dom/el.js";
import { icon } from "../dom/icons.js";
import { askForToken } from "./token.js";
import { say, t } from "../texts/texts.js";
import { notice } from "./verdict.js";

/** Sentences that the page explains: how they begin, and the key of the explanation. @type {[string, string][]} */
const EXPLAINED = [
  ["Signature verification failure", "refused.signature"],
  ["the pool is full", "refused.pool"],
  ["overloaded", "refused.busy"],
  ["the disk is full", "refused.disk"],
  ["the quota", "refused.disk"],
  ["the node is stopping", "refused.stopping"],
  ["no proof solves", "refused.proof"],
];

/**
 * A box that says why something did not happen.
 * @param {unknown} error @param {string} [doing] what only the owner may do, as a key of the texts
 */
export function refusal(error, doing) {
  if (error instanceof Refusal) return error.status === 403 ? forbidden(error, doing) : refused(error);
  if (error instanceof Silence) return notice("bad", t("refused.silent"), el("span.muted.small", t("refused.silentMore")));
  return notice("bad", t("refused.page"), el("span.said.small", String(error)));
}

/** @param {Refusal} error */
export function explanation(error) {
  const found = EXPLAINED.find(([start]) => error.sentence.startsWith(start));
  return found ? { title: t(found[1]), more: t(`${found[1]}More`) } : null;
}

/** @param {Refusal} error */
const nodeSays = (error) =>
  say("refused.nodeSays", { status: error.status, sentence: el("span.said", error.sentence) });

/** @param {Refusal} error */
function refused(error) {
  const plain = explanation(error);
  if (!plain) return notice("bad", "", el("span", nodeSays(error)));
  return notice("bad", plain.title, el("span.muted.small", plain.more), el("p.tiny.muted", nodeSays(error)));
}

/** @param {Refusal} error @param {string} [doing] */
function forbidden(error, doing = "owner.this") {
  const home = el("span.said", `http://localhost${location.port && `:${location.port}`}`);
  return el("div.notice", { role: "status" }, icon("lock"), el("div",
    el("b", t("owner.only", { doing: t(doing) })), " ",
    el("span.muted.small", say("owner.elsewhere", { name: el("bdi", status?.name ?? ""), home })),
    el("div.row.gap-t",
      el("button.btn.btn-s", { type: "button", onclick: askForToken }, icon("key"), " ", t("owner.token")),
      el("a.btn.btn-s", { href: "/#/lab/chain" }, t("owner.lab"))),
    el("p.tiny.muted.gap-t", nodeSays(error))));
}

/**
 * The sentence of a refusal for one field, or null if it names another.
 * @param {unknown} error @param {string} member the sentence begins with
 */
export function fieldError(error, member) {
  if (!(error instanceof Refusal) || !error.sentence.startsWith(member)) return null;
  return nodeSays(error);
}
