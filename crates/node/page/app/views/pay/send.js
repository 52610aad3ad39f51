// Step 4: sending. The answer stays here until the next one.
import { el, replace } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { post } from "../../node/client.js";
import { feed } from "../../node/feed.js";
import { current } from "../../node/status.js";
import { refusal } from "../../parts/refusal.js";
import { notice } from "../../parts/verdict.js";
import { mine } from "../../node/mining.js";
import { t } from "../../texts/texts.js";
import { step } from "./step.js";

/** @param {import("../../dom/scope.js").Scope} scope @param {import("./draft.js").Draft} draft */
export function sendPanel(scope, draft) {
  const side = el("span.row-s");
  const answer = el("div.panel-body", { hidden: true });
  let busy = false;
  /** The signature of the last payment that the node took. */
  let taken = "";
  const draw = () => {
    const gone = feed.state === "gone";
    const again = draft.isSigned && draft.signature?.text === taken;
    replace(side, gone && el("span.small.muted", t("refused.silent")),
      el(again ? "button.btn" : "button.btn.btn-main", { type: "button", disabled: !draft.isSigned || gone, onclick: send }, t(again ? "send.again" : "send.button")));
  };
  const send = async () => {
    if (busy) return;
    busy = true;
    const text = draft.signature?.text ?? "";
    const shown = await sent(draft).then((done) => {
      taken = text;
      return done;
    }, (error) => refusal(error));
    busy = false;
    draw();
    answer.hidden = false;
    replace(answer, shown);
  };
  draft.onChange(draw);
  on(scope, "feed", draw);
  return step(4, "send.title", side, answer);
}

/** @param {import("./draft.js").Draft} draft */
async function sent({ sender, recipient, amount, signature }) {
  const body = JSON.stringify({ sender, recipient, amount, signature: signature?.text });
  const { message } = await post("/transactions/new", body);
  const next = current().owner
    ? el("button.btn.btn-s.gap-t", { type: "button", onclick: () => {
      location.hash = "#/";
      mine();
    } }, t("send.mine"))
    : null;
  return notice("ok", t("send.taken"), el("span.said", String(message)), el("p.small.muted", t("send.waits")), next);
}
