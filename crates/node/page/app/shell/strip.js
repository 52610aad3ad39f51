// The strip below the top bar: the state of this node, on every view.
import { el, replace } from "../dom/el.js";
import { on } from "../node/bus.js";
import { feed, tryNow } from "../node/feed.js";
import { status } from "../node/status.js";
import { figure } from "../parts/figures.js";
import { picture } from "../parts/who/picture.js";
import { clock } from "../parts/time.js";
import { verdict } from "../parts/verdict.js";
import { say, t } from "../texts/texts.js";
import { peerCount } from "./peerCount.js";
import { shown } from "../parts/who/foreign.js";

/** @param {import("../dom/scope.js").Scope} scope */
export function strip(scope) {
  const inside = el("div.strip-in", { role: "region", "aria-label": t("strip.label") });
  const state = el("div");
  const inStep = peerCount(scope);
  const draw = () => replace(inside, ...items(inStep), state);
  const drawFeed = () => replace(state, ...feedState());
  on(scope, "status", draw);
  on(scope, "feed", drawFeed);
  scope.every(1000, () => feed.state === "stale" && drawFeed());
  draw();
  drawFeed();
  return el("div.strip", inside);
}

/** @param {string} key @param {...import("../dom/el.js").Child} value */
const item = (key, ...value) => el("div.wide", el("span", t(key)), " ", el("b", ...value));

/** @param {HTMLElement} inStep */
function items(inStep) {
  if (!status) return [el("div", t("strip.waiting"))];
  const own = status.address ? picture(status.address) : null;
  const print = el("span.hex.faint", { title: status.fingerprint }, `${status.fingerprint.slice(0, 4)} ${status.fingerprint.slice(4, 8)}…`);
  return [
    el("div", own, el("b", el("bdi", shown(status.name))), " ", el("span.wide", print)),
    el("div", el("span", t("strip.height")), " ", el("b", figure(status.height))),
    item("strip.difficulty", say("strip.zeros", { n: status.difficulty })),
    item("strip.pool", status.pool ? say("strip.poolCount", { n: status.pool }) : t("strip.poolEmpty")),
    el("div.wide", el("span", t("strip.peers")), " ", inStep),
    item("strip.rules", status.rules),
  ];
}

/** The state of the feed, in words. */
export function feedState() {
  const seconds = Math.round(Date.now() / 1000 - feed.heard);
  if (feed.state === "live") return [verdict("ok", t("feed.live"))];
  if (feed.state === "paused") return [verdict("none", t("feed.paused"))];
  if (feed.state === "connecting") return [verdict("none", t("feed.connecting"))];
  const again = el("button.btn.btn-bare.btn-s", { type: "button", onclick: tryNow }, t("feed.tryNow"));
  if (feed.state === "stale") return [verdict("held", t("feed.stale", { n: seconds })), dropped(), again];
  return [verdict("bad", t("feed.gone")), el("span.small", t("feed.asOf", { time: clock(feed.heard) })), again];
}

/** When the page tries again. */
function dropped() {
  const left = Math.max(0, Math.round(feed.next - Date.now() / 1000));
  return el("span.wide.small.muted", t("feed.dropped", { n: left }));
}
