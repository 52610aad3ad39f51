// The next block, not mined yet: the only place on this view to start mining.
import { minerOf, paymentsOf } from "../../core/block.js";
import { el, replace } from "../../dom/el.js";
import { icon } from "../../dom/icons.js";
import { on } from "../../node/bus.js";
import { cancel, forgetResult, mine, mining } from "../../node/mining.js";
import { current, expectedTries } from "../../node/status.js";
import { searchBar } from "../../parts/bars.js";
import { domino, pair } from "../../parts/block.js";
import { figure, precise, rate } from "../../parts/figures.js";
import { shortHash, unknownZeros } from "../../parts/hash.js";
import { refusal } from "../../parts/refusal.js";
import { askForToken } from "../../parts/token.js";
import { notice } from "../../parts/verdict.js";
import { who } from "../../parts/who/who.js";
import { say, t } from "../../texts/texts.js";
import { shown } from "../../parts/who/foreign.js";

/** A quick block must not flash. */
const QUIET_MS = 150;
/** A node that mines reports its progress several times a second. */
const SILENT_SECONDS = 5;

/** @param {import("../../dom/scope.js").Scope} scope */
export function nextBlock(scope) {
  const card = el("div.block.block-next");
  let since = 0;
  const draw = () => replace(card, ...parts(performance.now() - since > QUIET_MS));
  on(scope, "status", draw);
  scope.every(1000, () => silence() >= SILENT_SECONDS && draw());
  on(scope, "mining-state", () => {
    if (mining.asked && !since) {
      since = performance.now();
      setTimeout(draw, QUIET_MS + 10);
    } else if (!mining.asked) since = 0;
    draw();
  });
  draw();
  return card;
}

/** @param {boolean} late whether a search has taken long enough to be shown */
function parts(late) {
  const { height, difficulty, pool, tip } = current();
  const n = height + 1;
  const busy = mining.progress && (late || !mining.asked);
  return [
    el("div.block-head", el("b", say("block.name", { n })), el("span.tiny.muted", t("next.state"))),
    el("div.block-body",
      el("div.kv.kv-wide", unknownZeros(difficulty), el("span.muted", say("next.expected", { n: expectedTries(difficulty) }))),
      busy ? progress() : [pair(t("block.payments"), say("next.waiting", { n: pool })), reward()],
      el("div.kv-wide.row-s", action(n, late))),
    domino(el("span.faint", t("next.unknown")), shortHash(tip)),
  ];
}

function reward() {
  const { reward: amount, address, name } = current();
  const to = address ? who(address, { link: false, print: false }) : el("bdi", shown(name));
  return pair(t("next.reward"), el("span.row-s", say("next.rewardTo", { amount: figure(amount), name: to })));
}

/** Seconds since the node last reported its search; 0 if it does not search. */
const silence = () => (mining.progress ? Math.floor((performance.now() - mining.progress.at) / 1000) : 0);

function progress() {
  const { tries, expected, rate: speed, seconds } = /** @type {import("../../node/mining.js").Progress} */ (mining.progress);
  const ratio = precise(tries / expected);
  const { value, scale } = rate(speed);
  return el("div.kv-wide.stack-s.tiny", searchBar(tries / expected, t("mine.bar", { ratio })),
    el("span", say("mine.tries", { n: tries, ratio })),
    el("span.muted", silence() < SILENT_SECONDS ? [t(`rate.${scale}`, { n: value }), " · ", t("time.s", { n: precise(seconds) })]
      : t("mine.silent", { n: silence() })),
    el("span.muted", t("mine.memory")));
}

/** @param {number} n @param {boolean} late */
function action(n, late) {
  if (mining.asked) return [el("button.btn.btn-s", { type: "button", onclick: cancel }, late ? t("mine.cancel") : t("mine.starting")), el("kbd", { "aria-hidden": "true" }, "Esc")];
  if (!current().owner) return [el("span.small.muted", t("mine.onlyOwner")), el("button.btn.btn-s", { type: "button", onclick: askForToken }, icon("key"), " ", t("owner.token"))];
  return [el("button.btn.btn-work.btn-s", { type: "button", onclick: () => mine(), "data-act": "mine" }, t("mine.block", { n })), el("kbd", { "aria-hidden": "true" }, "m")];
}

/** How the last search ended. @param {import("../../dom/scope.js").Scope} scope */
export function miningResult(scope) {
  const box = el("div", { hidden: true });
  const draw = () => {
    const shownResult = mining.error ? refusal(mining.error, "owner.mine") : mining.mined ? mined() : mining.overtaken ? overtaken(mining.overtaken) : null;
    box.hidden = shownResult === null;
    replace(box, shownResult);
  };
  on(scope, "mining-state", draw);
  scope.onEnd(() => setTimeout(forgetResult));
  draw();
  return box;
}

function mined() {
  const { block, tries, seconds } = /** @type {NonNullable<typeof mining.mined>} */ (mining.mined);
  const expected = expectedTries(current().difficulty);
  const proofTries = BigInt(block.proof) + 1n;
  return notice("ok", say("mine.done", { n: block.index }), el("span.muted.small",
    say("mine.doneMore", { tries: figure(proofTries), ratio: precise(Number(proofTries) / expected), payments: paymentsOf(block).length }),
    tries && Number.isFinite(seconds) ? [" ", t("mine.took", { time: took(seconds) })] : ""));
}

/** @param {import("../../core/block.js").Block} first */
const overtaken = (first) => notice("none", t("mine.faster"),
  el("span.muted.small", say("mine.fasterMore", { name: who(minerOf(first), { print: false }), n: first.index })));

/** @param {number} seconds */
const took = (seconds) => (seconds < 1 ? t("time.ms", { n: Math.max(1, Math.round(seconds * 1000)) }) : t("time.s", { n: precise(seconds) }));
