// What exactly is signed: three texts with nothing between them, their MD5, and the signature.
import { walletOf } from "../../core/address.js";
import { hex, md5Bytes, bytes } from "../../core/hash.js";
import { el, replace } from "../../dom/el.js";
import { chip, code } from "../../parts/code.js";
import { marked } from "../../parts/hash.js";
import { shown } from "../../parts/who/foreign.js";
import { nameFor } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";

/** @param {string} text @returns {import("../../dom/el.js").Child} */
const piece = (text) => (walletOf(text) ? chip(text) : el("span.said", shown(text)));

/** @param {string} text */
const long = (text) => (walletOf(text) ? [piece(text), el("span.tiny.muted", t("chip.length", { n: text.length }))] : [piece(text)]);

/** @param {import("./draft.js").Draft} draft */
export function signedPanel(draft) {
  const body = el("div.panel-body.stack-s");
  draft.onChange(() => replace(body, ...parts(draft)));
  return el("section.panel", { "aria-labelledby": "w" }, el("div.panel-head", el("h2", { id: "w" }, t("signed.title"))), body,
    el("div.panel-foot", say("signed.weak", { bob: el("span.said", "bob"), bob1: el("span.said", "bob1") }), " ", el("a", { href: "#/lab/weaknesses" }, t("signed.try"))));
}

/** @param {import("./draft.js").Draft} draft */
function parts(draft) {
  const { sender, recipient, amount } = draft;
  const digest = hex(md5Bytes(bytes(draft.message)));
  return [
    el("dl.facts.facts-s",
      el("dt", "sender"), el("dd.row-s", sender ? long(sender) : el("span.faint", t("signed.noKey"))),
      el("dt", "recipient"), el("dd.row-s", recipient ? long(recipient) : el("span.faint", t("signed.nothing"))),
      el("dt", "amount"), el("dd", amount ? el("span.hex.strong", amount) : el("span.faint", t("signed.nothing")))),
    el("div.then", t("signed.joined")),
    code(t("signed.message"), sender && piece(sender), piece(recipient), el("mark", amount)),
    el("div.then", "MD5"),
    el("div", el("span.hex", { title: digest }, (digest.match(/.{8}/g) ?? []).map((/** @type {string} */ group) => el("span", marked(group))))),
    el("div.then", sender ? t("signed.rsa", { name: nameFor(sender) }) : t("signed.rsaNobody")),
    el("div.hex", draft.isSigned ? `${draft.signature?.text.slice(0, 28)}…` : el("span.faint", t("signed.notYet"))),
  ];
}

/** @param {import("./draft.js").Draft} draft */
export function terminalPanel(draft) {
  const line = code(t("signed.terminal"));
  draft.onChange(() => replace(line, `sigscript SENDER RECIPIENT ${draft.amount || "2"} --key-file wallet.pem\nsendTransaction`));
  return el("section.panel", { "aria-labelledby": "nk" }, el("div.panel-head", el("h2", { id: "nk" }, t("signed.without"))),
    el("div.panel-body.small.stack-s", el("p.muted", t("signed.same")), line));
}
