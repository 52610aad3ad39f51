// The table of peers.
import { el, replace } from "../../dom/el.js";
import { remove } from "../../node/who/peers.js";
import { current } from "../../node/status.js";
import { figure } from "../../parts/figures.js";
import { shortHash } from "../../parts/hash.js";
import { refusal } from "../../parts/refusal.js";
import { span } from "../../parts/time.js";
import { verdict } from "../../parts/verdict.js";
import { shown } from "../../parts/who/foreign.js";
import { say, t } from "../../texts/texts.js";
import { verdictOf } from "../../node/who/standing.js";

/** @typedef {import("../../node/who/peers.js").Peer} Peer */

/** @param {() => void} changed */
export function peersPanel(changed) {
  const body = el("tbody");
  const answer = el("div.panel-foot", { hidden: true });
  const table = el("table.cards.peers", el("thead", el("tr", el("th", t("peer.peer")), el("th", t("peer.kind")), el("th", t("peer.against")),
    el("th.right", t("strip.height")), el("th", t("peer.tip")), el("th.right", t("peer.score")), el("th", t("peer.heard")), el("th", el("span.vh", t("peer.remove"))))), body);
  const box = el("div.scroll-x", { tabindex: 0, role: "region", "aria-label": t("peer.region") }, table);
  const empty = el("div.panel-body.small.muted", t("map.empty"));
  const drop = async (/** @type {Peer} */ peer) => {
    const error = await remove(peer.address).then(() => null, (problem) => problem);
    answer.hidden = !error;
    replace(answer, error && refusal(error, "owner.peers"));
    changed();
  };
  const more = el("div.panel-foot.small.muted", { hidden: true });
  const node = el("section.panel", { "aria-labelledby": "pl" },
    el("div.panel-head", el("h2", { id: "pl" }, t("strip.peers")), el("span.push.small.muted", t("peer.scoreMore"))), box, empty, more, answer);
  return { node, draw(/** @type {Peer[]} */ all, /** @type {import("../../node/who/standing.js").Compared} */ compared, /** @type {number} */ others) {
    more.hidden = !others;
    replace(more, ...say("peer.others", { n: others }));
    box.hidden = !all.length;
    empty.hidden = all.length > 0;
    if (!body.contains(document.activeElement)) replace(body, ...all.map((peer) => row(peer, verdictOf(peer, compared), drop)));
  } };
}

/** @param {Peer} peer @param {import("../../node/who/standing.js").Standing} standing @param {(peer: Peer) => void} drop */
function row(peer, standing, drop) {
  const name = peer.name ? [el("b", el("bdi", shown(peer.name))), " ", el("span.faint", peer.address)] : [el("b", peer.address), " ", el("span.faint", t("peer.noName"))];
  const kinds = [peer.isHttp && el("span.tag", "HTTP"), peer.isHttp && peer.isP2p && " ", peer.isP2p && el("span.tag", "p2p")];
  const button = current().owner && peer.isHttp
    && el("button.btn.btn-s", { type: "button", "aria-label": t("peer.removeThis", { name: peer.name || peer.address }), onclick: () => drop(peer) }, t("peer.remove"));
  return el("tr", el("td.nowrap", name), el("td.nowrap", kinds), el("td", { title: peer.error || null }, verdict(standing.kind, standing.words)),
    el("td.right", peer.height === null ? "–" : figure(peer.height)), el("td", peer.tip ? shortHash(peer.tip) : "–"),
    el("td.right.drop", peer.score === null ? "–" : figure(peer.score)), el("td.nowrap.drop", peer.heard === null ? "–" : peer.heard < 1 ? t("peer.now") : t("time.ago", { age: span(peer.heard) })),
    el("td.right.full", button));
}
