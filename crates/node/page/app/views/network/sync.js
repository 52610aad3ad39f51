// The download of a peer's chain, while one is on its way.
import { Numeral, small } from "../../core/json.js";
import { el, replace, svg } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { figure } from "../../parts/figures.js";
import { span } from "../../parts/time.js";
import { say, t } from "../../texts/texts.js";

/** @param {import("../../dom/scope.js").Scope} scope */
export function syncPanel(scope) {
  const box = el("section.panel", { "aria-label": t("sync.title"), hidden: true });
  on(scope, "sync", (data) => {
    const at = small(data.height ?? data.blocks), target = small(data.target);
    box.hidden = !(data.syncing ?? at < target) || !Number.isFinite(at);
    if (!box.hidden) replace(box, el("div.panel-body.stack-s", el("h2", t("sync.title")), bar(at / target), words(data, at, target)));
  });
  return box;
}

/** @param {number} share */
const bar = (share) => svg("svg.bar.bar-l.bar-plain", { viewBox: "0 0 300 14", preserveAspectRatio: "none", role: "img", "aria-label": t("sync.share", { n: Math.round(share * 100) }) },
  svg("rect.t", { x: 0.5, y: 3, width: 299, height: 8 }), svg("rect.v", { x: 0.5, y: 3, width: 299 * Math.min(1, share), height: 8 }));

/** @param {any} data @param {number} at @param {number} target */
function words(data, at, target) {
  const speed = data.blocks_per_second instanceof Numeral ? small(data.blocks_per_second) : 0;
  return el("div.row.small", el("span", el("b", figure(at)), " ", el("span.muted", say("sync.of", { n: target, peer: el("bdi", String(data.peer ?? "–")) }))),
    speed > 0 && el("span.push.muted", t("sync.rate", { n: Math.round(speed), left: span((target - at) / speed) })));
}
