// Adding a peer.
import { el, replace } from "../../dom/el.js";
import { register } from "../../node/who/peers.js";
import { fieldError, refusal } from "../../parts/refusal.js";
import { notice, symbol } from "../../parts/verdict.js";
import { t } from "../../texts/texts.js";

/** @param {() => void} added */
export function addPanel(added) {
  const error = el("p.field-error", { id: "pe", role: "alert", hidden: true });
  const answer = el("div", { hidden: true });
  const field = el("input.mono", { id: "pa", placeholder: "192.0.2.7:5000", autocomplete: "off", spellcheck: "false", "aria-describedby": "pe" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const said = await register(field.value.trim()).then(() => null, (problem) => problem);
    const wrong = said && fieldError(said, "nodes");
    field.setAttribute("aria-invalid", String(Boolean(wrong)));
    error.hidden = !wrong;
    replace(error, symbol("bad"), el("span", wrong));
    answer.hidden = Boolean(wrong);
    replace(answer, said ? refusal(said, "owner.peers") : notice("ok", t("add.done")));
    if (said) return;
    field.value = "";
    added();
  };
  return el("section.panel", { "aria-labelledby": "ad" }, el("div.panel-head", el("h2", { id: "ad" }, t("add.title"))),
    el("form.panel-body.stack-s", { onsubmit: submit },
      el("div", el("label", { for: "pa" }, t("add.address")), field, error),
      el("div.row", el("button.btn.btn-main", { type: "submit" }, t("add.button")), el("span.hint", t("add.hint"))), answer));
}
