// Notices: a reorg, blocks that came while the page was away, or a node that is gone.
import { walletOf } from "../core/address.js";
import { minerOf, paymentsOf, signedAmount } from "../core/block.js";
import { el, replace } from "../dom/el.js";
import { range } from "../node/blocks.js";
import { on } from "../node/bus.js";
import { firstOfPool } from "../node/pool.js";
import { status } from "../node/status.js";
import { nameOf } from "../node/who/names.js";
import { blockLink } from "../parts/block.js";
import { figure } from "../parts/figures.js";
import { clock } from "../parts/time.js";
import { notice } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { who } from "../parts/who/who.js";
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
  on(scope, "reorg", async (reorg) => {
    const [winner, back] = await Promise.all([winnerOf(reorg).catch(() => undefined), backInPool(reorg).catch(() => [])]);
    show(reorgNotice(reorg, back, winner));
  });
  on(scope, "missed", ({ came, height }) => came > 0 && show(missedNotice(came, height)));
  const outer = el("div.page.notices.stack-s", { hidden: true }, stale, box);
  return outer;
}

/** @typedef {{old: import("../core/block.js").Block[], fork: number, depth: number, connected: number, returned: number}} Reorg */

/** The most blocks whose miners are read. */
const MOST_WON = 6;

/** The name of the node that mined all new blocks, if one did and has a name. @param {Reorg} reorg @returns {Promise<string | undefined>} */
async function winnerOf({ fork, connected }) {
  if (connected > MOST_WON) return undefined;
  const names = (await range(fork + 1, connected)).map((block) => nameOf(walletOf(String(minerOf(block)))?.fingerprint ?? ""));
  return names.every((name) => name === names[0]) ? names[0] : undefined;
}

/** The most payments of the pool that are read, and the most that are named. */
const MOST_READ = 100, MOST_NAMED = 3;

/** @typedef {import("../core/block.js").Payment} Payment */

/** @param {Payment} payment */
const spelled = ({ sender, recipient, amount }) => JSON.stringify([String(sender), String(recipient), signedAmount(amount)]);

/** Payments of the blocks given up that are back in the pool. @param {Reorg} reorg @returns {Promise<Payment[]>} */
async function backInPool({ old, returned }) {
  if (!returned) return [];
  const given = new Set(old.flatMap(paymentsOf).map(spelled));
  return (await firstOfPool(MOST_READ)).payments.filter((payment) => given.has(spelled(payment)));
}

/** @param {Payment} payment */
const named = ({ sender, recipient, amount }) => el("span", who(sender, { print: false }), " → ", who(recipient, { print: false, isPayee: true }), " ", figure(signedAmount(amount)));

/** How many payments came back, and which. @param {number} returned @param {Payment[]} back */
function returnedWords(returned, back) {
  if (!back.length) return say("reorg.returned", { n: returned });
  const names = back.slice(0, MOST_NAMED).flatMap((payment, at) => [at ? ", " : "", named(payment)]);
  const rest = returned - Math.min(back.length, MOST_NAMED);
  return say("reorg.returnedAs", { n: returned, names: el("span", names, rest > 0 && [", ", ...say("pool.more", { n: rest })]) });
}

/** @param {Reorg} reorg @param {Payment[]} back payments that are back in the pool @param {string} [winner] the name of the node whose chain it is */
function reorgNotice({ old, fork, depth, connected, returned }, back, winner) {
  const links = old.map((block) => [" ", el("a", { href: blockLink(block) }, say("block.name", { n: block.index }))]);
  const given = old.flatMap(paymentsOf).length;
  const list = old.length ? el("details.small", el("summary", t("reorg.show")), el("p", links)) : null;
  const title = winner ? say("reorg.titleOf", { out: depth, in: connected, name: el("bdi", shown(winner)) }) : say("reorg.title", { out: depth, in: connected });
  return notice("held", title,
    el("span.muted", fork ? say("reorg.part", { n: fork }) : t("reorg.whole"), " ",
      returned ? returnedWords(returned, back) : given ? t("reorg.none") : ""), list);
}

/** @param {number} came @param {number} height */
const missedNotice = (came, height) =>
  notice("held", say("feed.missed", { n: came }), el("a", { href: `#/block/${status?.tip}` }, t("feed.goTo"), " ", figure(height)));
