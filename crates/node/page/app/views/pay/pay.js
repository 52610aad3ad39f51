// Pay: key, payment, signature, send; beside it what exactly is signed.
import { el } from "../../dom/el.js";
import { Draft } from "./draft.js";
import { keyPanel } from "./key.js";
import { paymentPanel } from "./payment.js";
import { sendPanel } from "./send.js";
import { signedPanel, terminalPanel } from "./signed.js";
import { signPanel } from "./sign.js";
import { t } from "../../texts/texts.js";

/** @param {import("../../shell/router.js").Place} place */
export function show({ query, scope }) {
  const draft = new Draft(query.get("to") ?? "", query.get("amount") ?? "");
  const node = el("div.stack",
    el("div.row", el("h1", t("pay.title")), el("span.muted.small", t("pay.lead"))),
    el("div.cols",
      el("div.stack", keyPanel(scope, draft), paymentPanel(scope, draft), signPanel(scope, draft), sendPanel(scope, draft)),
      el("div.stack", signedPanel(draft), terminalPanel(draft))));
  draft.changed();
  return { title: t("pay.title"), node };
}

