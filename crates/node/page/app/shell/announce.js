// One polite region for screen readers: at most one sentence in five seconds, a reorg first.
import { minerOf, paymentsOf } from "../core/block.js";
import { el } from "../dom/el.js";
import { block } from "../node/blocks.js";
import { on } from "../node/bus.js";
import { current } from "../node/status.js";
import { nameFor } from "../parts/who/who.js";
import { t } from "../texts/texts.js";

const QUIET_MS = 5000;

/** @param {import("../dom/scope.js").Scope} scope */
export function announcer(scope) {
  const region = el("div.vh", { "aria-live": "polite", role: "status", "data-region": "news" });
  let next = "", urgent = false, waiting = false;
  const speak = () => {
    region.textContent = next;
    next = "";
    urgent = false;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (next) speak();
    }, QUIET_MS);
  };
  const announce = (/** @type {string} */ sentence, first = false) => {
    if (urgent && !first) return;
    next = sentence;
    urgent = first;
    if (!waiting) speak();
  };
  on(scope, "block", async () => announce(await sentenceOf(current().tip).catch(() => "")));
  on(scope, "reorg", ({ depth, connected }) => announce(t("reorg.title", { out: depth, in: connected }), true));
  return region;
}

/** @param {string} tip */
async function sentenceOf(tip) {
  const mined = await block(tip);
  return t("announce.block", { n: mined.index, name: nameFor(minerOf(mined)), payments: paymentsOf(mined).length });
}
