// Comparing chains: what each peer answered, and whether its chain took the place of ours.
import { el, replace } from "../../dom/el.js";
import { compare, compared } from "../../node/who/peers.js";
import { current } from "../../node/status.js";
import { refusal } from "../../parts/refusal.js";
import { clock } from "../../parts/time.js";
import { notice } from "../../parts/verdict.js";
import { t } from "../../texts/texts.js";

/** @param {() => void} changed */
export function comparePanel(changed) {
  const answer = el("div.stack-s");
  let busy = false;
  const button = el("button.btn.btn-s.push", { type: "button", onclick: async () => {
    if (busy) return;
    busy = true;
    replace(answer, el("p.small.muted", { role: "status" }, t("compare.busy")));
    const error = await compare().then(() => null, (problem) => problem);
    busy = false;
    replace(answer, error ? refusal(error, "owner.compare") : result());
    changed();
  } }, t("compare.button"));
  replace(answer, result());
  const body = current().owner ? answer : el("p.small.muted", t("compare.owner"));
  return el("section.panel", { "aria-labelledby": "rs" }, el("div.panel-head", el("h2", { id: "rs" }, t("compare.title")), current().owner && button),
    el("div.panel-body.stack-s", body, el("p.small.muted", t("compare.rule"))));
}

function result() {
  if (!compared) return null;
  const { replaced, outcomes, at } = compared;
  const rows = outcomes.map(({ address, outcome, reason }) =>
    el("li.small", el("span.said", address), ": ", el("b", outcome), reason && [" – ", el("span.muted", reason)]));
  return [notice(replaced ? "held" : "none", t(replaced ? "compare.replaced" : outcomes.length ? "compare.kept" : "compare.nobody")),
    rows.length > 0 && el("ul.stack-s", rows), el("p.small.muted", t("compare.at", { time: clock(at) }))];
}
