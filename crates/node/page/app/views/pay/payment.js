// Step 2: to whom, and how much.
import { fromBase64, walletOf } from "../../core/address.js";
import { decimal } from "../../core/decimal.js";
import { el, replace } from "../../dom/el.js";
import { json } from "../../node/client.js";
import { nameOf } from "../../node/who/names.js";
import { figure } from "../../parts/figures.js";
import { symbol } from "../../parts/verdict.js";
import { nameFor, who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";
import { step } from "./step.js";

const REST_MS = 300;

/** @param {import("../../dom/scope.js").Scope} scope @param {import("./draft.js").Draft} draft */
export function paymentPanel(scope, draft) {
  const hint = el("p.hint.row-s", { id: "to-h" });
  const error = el("p.field-error", { id: "am-e", role: "alert", hidden: true });
  const toError = el("p.field-error", { id: "to-e", role: "alert", hidden: true });
  const to = el("input", { id: "to", value: draft.to, autocomplete: "off", "aria-describedby": "to-h to-e", oninput: () => {
    draft.to = to.value;
    draft.changed();
  } });
  const amount = el("input", { id: "am", inputmode: "decimal", value: draft.amount, autocomplete: "off", "aria-describedby": "am-h am-e", oninput: () => {
    draft.amount = amount.value.trim();
    draft.changed();
  } });
  const warning = balanceWarning(scope, draft);
  draft.onChange(() => {
    replace(hint, ...recipientHint(draft));
    const [wrong, broken] = [amountFault(draft.amount), addressFault(draft.recipient)];
    amount.setAttribute("aria-invalid", String(wrong !== ""));
    error.hidden = !wrong;
    replace(error, wrong && symbol("bad"), wrong && el("span", t(wrong)));
    to.setAttribute("aria-invalid", String(broken !== ""));
    toError.hidden = !broken;
    hint.hidden = !toError.hidden;
    replace(toError, broken && symbol("bad"), broken && el("span", t(broken)));
  });
  return step(2, "pay.payment", null, el("div.panel-body.form-2",
    el("div", el("label", { for: "to" }, t("pay.to")), to, toError, hint),
    el("div", el("label", { for: "am" }, t("pay.amount")), amount, error, el("p.hint", { id: "am-h" }, t("pay.amountHint"))),
    warning));
}

const MOST_DIGITS = 64;

/** Why a node refuses an amount, as a key of the texts; empty if it does not, or if there is no amount. @param {string} text */
function amountFault(text) {
  if (text === "") return "";
  if (!/^\d+(\.\d+)?$/.test(text)) return "pay.amountWrong";
  if (text.length > MOST_DIGITS) return "pay.amountLong";
  return /[1-9]/.test(text) ? "" : "pay.amountZero";
}

/** Whether a node accepts a text as an amount. @param {string} text */
export const isAmount = (text) => text !== "" && amountFault(text) === "";

/** How keys in PEM begin, and how they begin in base64. */
const KEY = /^\s*(-----BEGIN|LS0tLS1CRUdJTi)/;

/** Why a text that begins like a PEM key cannot be paid, as a key of the texts; empty if it can. @param {string} text */
function addressFault(text) {
  if (!KEY.test(text) || walletOf(text)) return "";
  const bare = text.trim();
  const head = bare.startsWith("-") ? bare : String.fromCharCode(...(fromBase64(bare.slice(0, 44)) ?? []));
  return head.slice(0, 32).includes("PRIVATE") ? "pay.toSecret" : "pay.toBroken";
}

/** @param {import("./draft.js").Draft} draft */
function recipientHint(draft) {
  if (draft.to === "") return [t("pay.toHint")];
  const wallet = walletOf(draft.recipient);
  return [who(draft.recipient, { isPayee: true }), " ", el("span", t(!wallet ? "pay.toText" : nameOf(wallet.fingerprint) ? "pay.toNode" : "pay.toWallet"))];
}

/**
 * Warns if the sender has less than the amount. The classic rules accept such a payment.
 * @param {import("../../dom/scope.js").Scope} scope @param {import("./draft.js").Draft} draft
 */
function balanceWarning(scope, draft) {
  const box = el("div.notice.notice-held.span-2", { hidden: true, role: "status" });
  /** @type {number | undefined} */
  let timer;
  const draw = async () => {
    const sum = draft.sender ? await json(`/addresses/${encodeURIComponent(draft.sender)}?limit=1`).then((answer) => answer.sum?.text, () => null) : null;
    if (!scope.isOpen) return;
    box.hidden = !sum || !isAmount(draft.amount) || !exceeds(draft.amount, sum);
    if (!box.hidden) replace(box, symbol("held"), el("div.small", el("b", say("pay.short", { name: nameFor(draft.sender), has: figure(sum), sends: figure(draft.amount) })), " ",
      t("pay.noBalances"), " ", el("a", { href: "#/lab/weaknesses" }, t("pay.weakness"))));
  };
  draft.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(draw, REST_MS);
  });
  return box;
}

/** @param {string} amount @param {string} sum */
function exceeds(amount, sum) {
  const [wanted, has] = [decimal(amount), decimal(sum)];
  if (!wanted || !has) return false;
  const scale = Math.max(wanted.scale, has.scale);
  return wanted.units * 10n ** BigInt(scale - wanted.scale) > has.units * 10n ** BigInt(scale - has.scale);
}
