// A tile of the class board: picture, name and verdict, and below them height, blocks mined, and balance.
import { el } from "../dom/el.js";
import { shortly } from "../node/who/standing.js";
import { figure } from "../parts/figures.js";
import { symbol } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { picture } from "../parts/who/picture.js";
import { say, t } from "../texts/texts.js";
import { label, standing } from "./seats.js";

/** Other nodes choose their names, which may be long. */
const MAX_NAME = 24;

/** @typedef {import("./seats.js").Seat} Seat */

/**
 * @param {Seat} seat
 * @param {number | null} mined the block that it has just mined
 */
export function tile(seat, mined) {
  const state = standing(seat);
  const { kind, isGone } = state;
  const colour = mined !== null ? ".tile-mined" : isGone ? ".tile-gone" : { fork: ".tile-bad", bad: ".tile-bad", held: ".tile-held", ok: "", none: "" }[kind];
  return el(`li.tile${colour}`, { "data-seat": seat.key },
    el("div.nm", seat.account && picture(seat.account), el("span", el("bdi", shown(cut(label(seat)))))),
    el(`div.st.v-${kind}`, symbol(kind), el("span", mined === null ? shortly(state, seat.fork) : t("class.mined", { n: mined }))),
    el("div.ft", el("span", seat.height === null ? "–" : figure(seat.height)),
      seat.mined !== null && el("span", say("class.minedCount", { n: seat.mined })),
      seat.balance !== null && el("span", say("class.has", { amount: figure(seat.balance) }))));
}

/** @param {string} name */
export function cut(name) {
  const letters = Array.from(name);
  return letters.length > MAX_NAME ? `${letters.slice(0, MAX_NAME - 1).join("")}…` : name;
}
