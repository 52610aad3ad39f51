// The download of a peer's chain, while one is on its way.
import { toNumber, toNumberOrNull } from "../../core/json.js";
import { el, replace, svg } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { figure } from "../../parts/figures.js";
import { span } from "../../parts/time.js";
import { say, t } from "../../texts/texts.js";

/** @param {import("../../dom/scope.js").Scope} scope */
export function syncPanel(scope) {
  const box = el("section.panel", { "aria-label": t("sync.title"), hidden: true });
  on(scope, "sync", (data) => {
    box.hidden = data.syncing !== true;
    if (box.hidden) return;
    const at = toNumber(data.height), target = toNumberOrNull(data.target);
    replace(box, el("div.panel-body.stack-s", el("h2", t("sync.title")), target && bar(at / target), words(data, at, target)));
  });
  return box;
}

/** @param {number} share */
const bar = (share) => svg("svg.bar.bar-l.bar-plain", { viewBox: "0 0 300 14", preserveAspectRatio: "none", role: "img", "aria-label": t("sync.share", { n: Math.round(share * 100) }) },
  svg("rect.t", { x: 0.5, y: 3, width: 299, height: 8 }), svg("rect.v", { x: 0.5, y: 3, width: 299 * Math.min(1, share), height: 8 }));

/** @param {any} data @param {number} at @param {number | null} target null while it is unknown: an HTTP peer does not say */
function words(data, at, target) {
  const speed = toNumberOrNull(data.blocks_per_second), left = toNumberOrNull(data.seconds_left);
  return el("div.row.small", el("span", target ? say("sync.of", { at: el("b", figure(at)), n: target }) : say("sync.at", { at: el("b", figure(at)) })),
    speed !== null && el("span.push.muted", left === null ? t("sync.rate", { n: Math.round(speed) }) : t("sync.left", { n: Math.round(speed), left: span(left) })));
}
