// A map of links. Peers are in a circle around this node; on a phone in two columns below it.
import { el, freshId, replace, svg } from "../../dom/el.js";
import { current } from "../../node/status.js";
import { shortly } from "../../node/who/standing.js";
import { symbol } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";

/** @typedef {import("../../node/who/peers.js").Peer & {verdict: import("../../node/who/standing.js").Standing}} Node */
/** @typedef {{x: number, y: number}} Point */

const WIDTH = 936, LEAST_HEIGHT = 340, BOX = { width: 186, height: 48 };
/** The upright form: two columns of boxes, with room beside and between them for lines. */
const NARROW = { width: 350, box: 140, columns: [92, 258], row: 66, first: 110 };
const MAX_DRAWN = 24;

export function mapPanel() {
  const body = el("div.panel-body.scroll-x", { tabindex: 0, role: "region", "aria-label": t("map.region") });
  const legend = el("span.push.small.muted.row", leg("s", "map.p2p"), leg("d", "map.http"));
  const node = el("section.panel", { "aria-labelledby": "mp" }, el("div.panel-head", el("h2", { id: "mp" }, t("map.title")), legend), body);
  return { node, draw(/** @type {Node[]} */ peers) {
    const shown = peers.slice(0, MAX_DRAWN);
    replace(body, shown.length ? [wide(shown), narrow(shown)] : empty(), peers.length > MAX_DRAWN && el("p.small.muted", say("map.more", { n: peers.length - MAX_DRAWN })));
  } };
}

/** @param {string} kind @param {string} key */
const leg = (kind, key) => el("span.row-s", svg("svg.leg", { viewBox: "0 0 28 6", "aria-hidden": "true" }, svg(`path.${kind}`, { d: "M0 3h28" })), t(key));

const empty = () => el("div.empty", el("b", t("map.empty")), el("span.muted.small", say("map.emptyMore", { command: el("span.said", "node -p 5001") })),
  current().owner && el("button.btn.btn-s", { type: "button", onclick: () => document.getElementById("pa")?.focus() }, t("map.add")));

/** @param {Node[]} peers */
function wide(peers) {
  const height = Math.max(LEAST_HEIGHT, 60 * Math.ceil(peers.length / 2) + 100);
  const middle = { x: WIDTH / 2, y: height / 2 };
  const places = peers.map((_, at) => {
    const angle = (2 * Math.PI * at) / peers.length + (peers.length % 2 ? Math.PI / 2 : Math.PI / peers.length);
    return { x: middle.x + (WIDTH / 2 - BOX.width / 2 - 8) * Math.cos(angle), y: middle.y + (height / 2 - BOX.height / 2 - 12) * Math.sin(angle) };
  });
  const title = freshId();
  return svg("svg.map", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-labelledby": title },
    svg("title", { id: title }, described(peers)), arrowHead(),
    peers.map((peer, at) => edge(peer, middle, places[at])), links(peers, places),
    own(middle), peers.map((peer, at) => box(places[at], peer)));
}

/** @param {Node[]} peers */
function narrow(peers) {
  const { width, box: wide, columns, row, first } = NARROW;
  const places = peers.map((_, at) => ({ x: columns[at % 2], y: first + row * (at >> 1) }));
  const middle = { x: width / 2, y: 30 };
  return svg("svg.map.map-n", { viewBox: `0 0 ${width} ${Math.max(...places.map(({ y }) => y)) + 40}`, "aria-hidden": "true" },
    peers.map((peer, at) => svg(`path.e${dotted(peer)}`, { d: `M${middle.x} 54V${places[at].y}H${places[at].x}` })),
    pairs(peers).map(([one, other]) => svg(`path.e${dotted(peers[other])}`, { "data-link": "", d: upright(places[one], places[other]) })),
    own(middle), peers.map((peer, at) => box(places[at], peer, wide)));
}

/** The class of a line to a peer: dotted if it is reached over HTTP only. @param {Node} peer */
const dotted = (peer) => (peer.isP2p ? "" : ".e-http");

/** The line between two boxes of the upright map: within a column around its outer side, else through the gap. @param {Point} from @param {Point} to */
function upright(from, to) {
  const half = NARROW.box / 2, isLeft = from.x < NARROW.width / 2;
  if (from.x === to.x) {
    const side = isLeft ? -1 : 1;
    const [edge, far] = [from.x + side * half, from.x + side * (half + Math.min(28, 8 + Math.abs(to.y - from.y) / 16))];
    return `M${edge} ${from.y}C${far} ${from.y} ${far} ${to.y} ${edge} ${to.y}`;
  }
  const [left, right] = isLeft ? [from, to] : [to, from];
  const [start, end] = [left.x + half, right.x - half];
  return `M${start} ${left.y + 12}C${end} ${left.y + 12} ${start} ${right.y + 12} ${end} ${right.y + 12}`;
}

const arrowHead = () => svg("defs", svg("marker", { id: "arrow", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 8, markerHeight: 8, orient: "auto" },
  svg("path.arrow", { d: "M0 1l9 4-9 4z" })));

/** @param {Node} peer @param {Point} from @param {Point} to */
function edge(peer, from, to) {
  const end = border(to, from);
  if (peer.isP2p) return svg("path.e", { d: `M${from.x} ${from.y}L${to.x} ${to.y}` });
  return svg("path.e.e-http", { d: `M${from.x} ${from.y}L${end.x} ${end.y}`, "marker-end": "url(#arrow)" });
}

/** Where the line from a point enters a box. @param {Point} box @param {Point} from @returns {Point} */
function border(box, from) {
  const [dx, dy] = [from.x - box.x, from.y - box.y];
  const scale = Math.min(BOX.width / 2 / Math.abs(dx || 1e-9), BOX.height / 2 / Math.abs(dy || 1e-9));
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

/** Links between peers. @param {Node[]} peers @param {Point[]} places */
const links = (peers, places) => pairs(peers).map(([one, other]) => {
  const [from, to] = [places[one], places[other]];
  return svg(`path.e${dotted(peers[other])}`, { "data-link": "", d: `M${from.x} ${from.y}L${to.x} ${to.y}` });
});

/** Which peers are linked to each other: each pair once. @param {Node[]} peers @returns {number[][]} */
function pairs(peers) {
  const found = peers.flatMap((peer, at) => peer.links
    .map((link) => peers.findIndex(({ key, address }) => key === link || address === link))
    .filter((other) => other >= 0 && other !== at)
    .map((other) => [Math.min(at, other), Math.max(at, other)].join()));
  return [...new Set(found)].map((pair) => pair.split(",").map(Number));
}

/** @param {Point} middle */
function own(middle) {
  const { name, height } = current();
  return group(middle, 190, "me", name, t("map.own", { n: height }), "ok");
}

/** @param {Point} place @param {Node} peer @param {number} [width] */
const box = (place, peer, width = BOX.width) =>
  group(place, width, "", peer.name || peer.address, underName(peer), peer.verdict.kind);

/** The words under a peer's name. If it is in step, its sign says so, and the words are its height. @param {Node} peer */
const underName = ({ verdict, height, fork }) =>
  (verdict.kind === "ok" && height !== null ? t("map.height", { n: height }) : shortly(verdict, fork));

/**
 * @param {Point} place @param {number} width @param {string} kind @param {string} name @param {string} words
 * @param {import("../../parts/verdict.js").Verdict} verdict
 */
function group({ x, y }, width, kind, name, words, verdict) {
  const most = Math.floor((width - (kind ? 24 : 42)) / 8.5);
  const sign = symbol(verdict);
  for (const [key, value] of Object.entries({ x: width / 2 - 26, y: -9, width: 18, height: 18 })) sign.setAttribute(key, String(value));
  const text = kind ? ".me-t" : "";
  return svg("g", { transform: `translate(${x} ${y})` },
    svg(`rect.nd${kind && `.${kind}`}`, { x: -width / 2, y: -24, width, height: 48, rx: 6 }),
    svg(`text${text}`, { x: 12 - width / 2, y: -3, "font-weight": 600 }, name.length > most ? `${name.slice(0, most - 1)}…` : name),
    svg(`text.sub${text}`, { x: 12 - width / 2, y: 14 }, words), kind ? null : sign);
}

/** @param {Node[]} peers */
const described = (peers) => peers.map((peer) => t(peer.isP2p ? "map.linked" : "map.pulls", { name: peer.name || peer.address, words: peer.verdict.words })).join(" ");
