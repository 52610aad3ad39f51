// Step 3: the signature, made in a worker.
import { el, replace } from "../../dom/el.js";
import { own, sign } from "../../node/keys.js";
import { code } from "../../parts/code.js";
import { refusal } from "../../parts/refusal.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { isAmount } from "./payment.js";
import { step } from "./step.js";

/** @param {import("../../dom/scope.js").Scope} scope @param {import("./draft.js").Draft} draft */
export function signPanel(scope, draft) {
  const state = el("span");
  const body = el("div.panel-body.stack-s");
  let busy = false;
  const start = async () => {
    if (!own || busy) return;
    const { message } = draft;
    busy = true;
    draw();
    try {
      draft.signature = { text: await sign(message, own.key, scope.signal), message };
      busy = false;
      draft.changed();
    } catch (error) {
      busy = false;
      if (scope.isOpen) replace(body, refusal(error));
    }
  };
  const draw = () => {
    const ready = own !== null && isAmount(draft.amount);
    const button = el("button.btn", { type: "button", disabled: !ready, onclick: start }, t(busy ? "sign.busy" : "sign.button"));
    replace(state, draft.isSigned ? verdict("ok", t("sign.fits")) : draft.signature ? verdict("none", t("sign.stale")) : null);
    replace(body, draft.isSigned ? made(draft) : el("div.row", button, el("span.small.muted", t(ready ? "sign.hint" : "sign.notReady"))));
  };
  draft.onChange(draw);
  return step(3, "sign.title", state, body);
}

/** @param {import("./draft.js").Draft} draft */
function made(draft) {
  const text = draft.signature?.text ?? "";
  return [code(t("sign.label"), text), el("p.small.muted", say("sign.made", { n: text.length }))];
}
