// What happened to the chain while one looked: a reorg, or blocks that came while the page was away.
import { walletOf } from "../core/address.js";
import { minerOf, paymentsOf } from "../core/block.js";
import { el, replace } from "../dom/el.js";
import { range } from "../node/blocks.js";
import { on } from "../node/bus.js";
import { status } from "../node/status.js";
import { nameOf } from "../node/who/names.js";
import { blockLink } from "../parts/block.js";
import { figure } from "../parts/figures.js";
import { clock } from "../parts/time.js";
import { notice } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { say, t } from "../texts/texts.js";

/** @param {import("../dom/scope.js").Scope} scope */
export function notices(scope) {
  const box = el("div", { hidden: true });
  const show = (/** @type {HTMLElement} */ shown) => {
    const close = el("button.btn.btn-bare.btn-s", { type: "button", onclick: () => {
      replace(box);
      box.hidden = true;
      outer.hidden = stale.hidden;
    } }, t("dialog.close"));
    shown.lastElementChild?.append(" ", close);
    replace(box, shown);
    box.hidden = outer.hidden = false;
  };
  const stale = el("div", { hidden: true });
  on(scope, "feed", ({ state, heard }) => {
    stale.hidden = state !== "gone";
    replace(stale, stale.hidden ? null : notice("held", t("feed.goneTitle"), el("span.muted", t("feed.goneMore", { time: clock(heard) }))));
    outer.hidden = box.hidden && stale.hidden;
  });
  on(scope, "reorg", async (reorg) => show(reorgNotice(reorg, await winnerOf(reorg).catch(() => undefined))));
  on(scope, "missed", ({ came, height }) => came > 0 && show(missedNotice(came, height)));
  const outer = el("div.page.notices.stack-s", { hidden: true }, stale, box);
  return outer;
}

/** @typedef {{old: import("../core/block.js").Block[], fork: number, depth: number, connected: number, returned: number}} Reorg */

/** The most blocks whose miners are looked at. */
const MOST_WON = 6;

/** The node that mined all blocks of the winning chain, if it has a name. @param {Reorg} reorg @returns {Promise<string | undefined>} */
async function winnerOf({ fork, connected }) {
  if (connected > MOST_WON) return undefined;
  const names = (await range(fork + 1, connected)).map((block) => nameOf(walletOf(String(minerOf(block)))?.fingerprint ?? ""));
  return names.every((name) => name === names[0]) ? names[0] : undefined;
}

/** @param {Reorg} reorg @param {string} [winner] the name of the node whose chain it is */
function reorgNotice({ old, fork, depth, connected, returned }, winner) {
  const links = old.map((block) => [" ", el("a", { href: blockLink(block) }, say("block.name", { n: block.index }))]);
  const given = old.flatMap(paymentsOf).length;
  const list = old.length ? el("details.small", el("summary", t("reorg.show")), el("p", links)) : null;
  const title = winner ? say("reorg.titleOf", { out: depth, in: connected, name: el("bdi", shown(winner)) }) : say("reorg.title", { out: depth, in: connected });
  return notice("held", title,
    el("span.muted", fork ? say("reorg.part", { n: fork }) : t("reorg.whole"), " ",
      returned ? say("reorg.returned", { n: returned }) : given ? t("reorg.none") : ""), list);
}

/** @param {number} came @param {number} height */
const missedNotice = (came, height) =>
  notice("held", say("feed.missed", { n: came }), el("a", { href: `#/block/${status?.tip}` }, t("feed.goTo"), " ", figure(height)));
