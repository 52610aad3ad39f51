// The lines above and below the tiles of the class board.
import { minerOf } from "../core/block.js";
import { el } from "../dom/el.js";
import { isLocal, status } from "../node/status.js";
import { figure } from "../parts/figures.js";
import { age } from "../parts/time.js";
import { symbol } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { forksBeside } from "../parts/who/forks.js";
import { nameFor } from "../parts/who/who.js";
import { feedState } from "../shell/strip.js";
import { say, t } from "../texts/texts.js";
import { all, join, label, own, standing } from "./seats.js";
import { cut } from "./tile.js";

/** @param {import("../core/block.js").Block | null} last the last block, once it is read */
export function top(last) {
  const seats = all();
  const inStep = seats.filter((seat) => standing(seat).kind === "ok").length;
  const by = el("b", el("bdi", shown(cut(nameFor(last && minerOf(last))))));
  return [
    el("h1.big", say("class.inStep", { n: inStep, all: seats.length })),
    el("span.mid", t("strip.height"), " ", el("b", figure(own().height))),
    last && el("span.mid", say(last.index > 1 ? "class.block" : "class.genesis", { n: last.index, name: by, age: age(last.time, last.timestamp) })),
    el("span.mid", t("strip.pool"), " ", el("b", figure(status?.pool ?? 0))),
    el("span.mid.push", feedState()),
  ];
}

/** @param {number} page from 0 @param {number} pages */
export function foot(page, pages) {
  // An address that works on this machine only is of no use to others.
  const command = join.length ? `node --peer ${join[0]} --name …` : isLocal() ? "" : location.origin;
  return [
    ...forks().map((sentence) => el("span.v-fork.row-s", symbol("fork"), el("span", ...sentence))),
    el("span.push", command && [t("class.join"), " ", el("b.join", command)]),
    pages > 1 && el("span", say("class.page", { n: page + 1, all: pages })),
  ];
}

/** A sentence for each chain other than ours, and the nodes that hold it. */
function forks() {
  const holders = all().filter((each) => standing(each).kind === "fork");
  const sentences = forksBeside(own().height, holders.map((seat) => ({ ...seat, name: cut(label(seat)) })));
  return sentences.map(({ fork, words }) => [fork === null ? t("peer.otherChain") : t("fork.after", { n: fork }), ": ", ...words]);
}
