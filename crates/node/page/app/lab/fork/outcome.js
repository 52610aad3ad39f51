// Below the tree: who won and why, what waits in the pool again, and which rewards are void.
import { el } from "../../dom/el.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { inWords, paymentsIn } from "../model/sample.js";
import { sideName } from "./side.js";

/** @param {import("./world.js").World} world */
export const outcomePanels = (world) => [won(world), back(world), rewards(world)];

/** @param {string} id @param {string} title @param {import("../../dom/el.js").Child} side @param {...import("../../dom/el.js").Child} body */
const panel = (id, title, side, ...body) =>
  el("section.panel", { "aria-labelledby": id }, el("div.panel-head", el("h2", { id }, t(title)), side && el("span.push.small.muted", side)), ...body);

/** @param {import("./world.js").World} world */
function won({ meeting, chains }) {
  const rule = el("p.small.muted", t("lab.forkRule"));
  if (!meeting) return panel("w1", "lab.forkWho", null, el("div.panel-body.stack-s", rule));
  const { winner, loser, givenUp, won: taken } = meeting;
  const most = chains[winner].length, less = most - taken.length + givenUp.length;
  return panel("w1", "lab.forkWho", null, el("div.panel-body.stack-s",
    el("div.row", verdict("ok", t("lab.forkLength", { side: sideName(winner), n: most })), el("span.muted", t("lab.forkAgainst")),
      verdict("none", t("lab.forkLength", { side: sideName(loser), n: less }))), rule));
}

/** @param {import("./world.js").World} world */
function back({ meeting, pools }) {
  const all = meeting ? meeting.back : [];
  const rows = el("table", el("tbody", all.map((each) => el("tr", el("td", `${each.sender} → ${each.recipient}`), el("td.right.strong", each.amount)))));
  const held = meeting?.held.map((each) => el("div", say("lab.forkHeld", { payment: inWords(each), side: sideName(meeting.winner), n: holder(meeting.won, each) }))) ?? [];
  return panel("w2", "lab.forkBack", say("block.paid", { n: all.length }), all.length > 0 && rows,
    el("div.panel-foot", held, !held.length && (meeting ? "" : t("lab.forkPools", { left: listed(pools.left), right: listed(pools.right) }))));
}

/** The index of the block that holds a payment. @param {import("../model/sample.js").LabBlock[]} blocks @param {import("./world.js").Payment} payment */
const holder = (blocks, payment) => blocks.find((block) => paymentsIn(block).some((each) => inWords(each) === inWords(payment)))?.index.text ?? "";

/** @param {import("./world.js").Payment[]} pool */
const listed = (pool) => pool.map(inWords).join(", ") || t("lab.forkNothing");

/** @param {import("./world.js").World} world */
function rewards({ meeting }) {
  const all = meeting?.givenUp ?? [];
  const rows = all.map((block) => el("tr", el("td", t("lab.forkReward", { side: meeting ? sideName(meeting.loser) : "", n: block.index.text })), el("td.right.strong", el("s", "1"))));
  return panel("w3", "lab.forkVoid", say("block.rewards", { n: all.length }), rows.length > 0 && el("table", el("tbody", rows)),
    !rows.length && el("div.panel-body.small.muted", t("lab.forkNoneVoid")));
}
