// The lines above and below the tiles of the class board.
import { minerOf } from "../core/block.js";
import { el } from "../dom/el.js";
import { isLocal, status } from "../node/status.js";
import { figure } from "../parts/figures.js";
import { age } from "../parts/time.js";
import { symbol } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { nameFor } from "../parts/who/who.js";
import { feedState } from "../shell/strip.js";
import { otherTheme } from "../shell/theme.js";
import { language, say, t } from "../texts/texts.js";
import { all, join, label, own, standing } from "./seats.js";
import { cut } from "./tile.js";

/** Names in a sentence; the others are counted. */
const MAX_NAMES = 4;

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
  // What works on this machine only is of no use to others.
  const command = join.length ? `node --peer ${join[0]} --name …` : isLocal() ? "" : location.origin;
  return [
    ...forks().map((sentence) => el("span.v-fork.row-s", symbol("fork"), el("span", ...sentence))),
    el("span.push", command && [t("class.join"), " ", el("b.join", command)]),
    pages > 1 && el("span", say("class.page", { n: page + 1, all: pages })),
    el("button.btn.btn-s", { type: "button", onclick: otherTheme }, t("class.theme")),
  ];
}

/** A sentence for each chain that some nodes hold beside ours. */
function forks() {
  /** @type {Map<string, import("./seats.js").Seat[]>} */
  const groups = new Map();
  for (const seat of all().filter((each) => standing(each).kind === "fork")) {
    groups.set(seat.tip ?? "", [...(groups.get(seat.tip ?? "") ?? []), seat]);
  }
  return [...groups.values()].map(sentence);
}

/** @param {import("./seats.js").Seat[]} seats that hold one chain */
function sentence(seats) {
  const [{ fork, height }] = seats;
  const by = (height ?? 0) - own().height;
  const key = by === 0 ? "class.forkSame" : by > 0 ? "class.forkLonger" : "class.forkShorter";
  const where = fork === null ? t("peer.otherChain") : t("class.forkAfter", { n: fork });
  return [where, ": ", say(key, { names: names(seats), count: seats.length, n: Math.abs(by) })];
}

/** @param {import("./seats.js").Seat[]} seats */
function names(seats) {
  const named = seats.slice(0, MAX_NAMES).map((seat) => cut(label(seat)));
  if (seats.length > MAX_NAMES) named.push(t("class.others", { n: seats.length - MAX_NAMES }));
  return el("bdi", shown(new Intl.ListFormat(language).format(named)));
}
