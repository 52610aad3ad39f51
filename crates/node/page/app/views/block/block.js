// A block's view: its neighbours, the puzzle it solves, its payments, the text that is hashed, its members, the checks.
import { el, replace } from "../../dom/el.js";
import { icon } from "../../dom/icons.js";
import { block as blockCalled, givenUpBlock, range, wasGivenUp } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { Refusal } from "../../node/client.js";
import { current } from "../../node/status.js";
import { link, miniCard } from "../../parts/block.js";
import { figure } from "../../parts/figures.js";
import { notice, verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { missing } from "../missing.js";
import { checksPanel, membersPanel } from "./members.js";
import { paymentsPanel } from "./payments.js";
import { puzzlePanel } from "./puzzle.js";
import { textPanel } from "./text.js";

/** @typedef {import("../../core/block.js").Block} Block */

const AROUND = 2;

/** @param {import("../../shell/router.js").Place} place */
export async function show({ rest, scope }) {
  const which = /^\d+$/.test(rest) ? Number(rest) : rest;
  const block = await blockCalled(which === "" ? "latest" : which, scope.signal).catch((error) => error);
  if (block instanceof Refusal) return missing(rest, el("span.tiny.muted", say("refused.nodeSays", { status: block.status, sentence: el("span.said", block.sentence) })));
  if (block instanceof Error) throw block;
  const around = wasGivenUp(block.hash) ? [block] : await range(block.index - AROUND, 2 * AROUND + 1);
  const previous = await before(block, around);
  const title = t("block.name", { n: block.index });
  const node = el("div.stack",
    head(scope, block), notOnChain(block),
    el("div.chain.chain-mini", { role: "region", "aria-label": t("block.around", { n: block.index }), tabindex: 0 }, neighbours(block, around)),
    el("div.cols",
      el("div.stack", previous && puzzlePanel(block, previous), paymentsPanel(block), textPanel(block)),
      el("div.stack", membersPanel(block), checksPanel(block, previous))));
  return { title, node };
}

/** @param {Block} block @param {Block[]} around @returns {Promise<Block | undefined>} */
async function before(block, around) {
  if (block.index <= 1) return undefined;
  const near = around.find((each) => each.hash === block.previousHash);
  return near ?? givenUpBlock(block.previousHash) ?? blockCalled(block.previousHash).catch(() => undefined);
}

/** @param {import("../../dom/scope.js").Scope} scope @param {Block} block */
function head(scope, block) {
  const state = el("span.row");
  const arrows = el("div.row.push");
  const draw = () => {
    const gone = wasGivenUp(block.hash);
    const onTop = current().height - block.index;
    replace(state, gone ? verdict("none", t("reorg.givenUp")) : verdict("ok", t("verdict.valid")),
      !gone && el("span.muted.small", onTop ? say("block.onTop", { n: onTop }) : t("block.last")));
    replace(arrows, arrow(block.index + 1, "newer", !gone && onTop > 0), arrow(block.index - 1, "older", block.index > 1));
  };
  on(scope, "status", draw);
  on(scope, "reorg", draw);
  draw();
  return el("div.row", el("h1", t("block.name", { n: block.index })), state, arrows);
}

/** @param {number} index @param {"newer" | "older"} way @param {boolean} exists */
function arrow(index, way, exists) {
  const parts = [figure(index), " ", el("span.vh", t(`block.${way}`))];
  if (!exists) return null;
  return el("a.btn.btn-s", { href: `#/block/${index}`, "data-key": way },
    way === "newer" ? [icon("left"), " ", ...parts] : [...parts, " ", icon("right")]);
}

/** @param {Block} block @param {Block[]} around */
function neighbours(block, around) {
  const notes = { [block.index + 1]: t("block.newer"), [block.index]: t("block.this"), [block.index - 1]: t("block.older") };
  return around.toReversed().flatMap((each, at) => {
    const card = miniCard(each, notes[each.index] ?? "", each.hash === block.hash);
    return at === 0 ? [card] : [link(), card];
  });
}

/** @param {Block} block */
function notOnChain(block) {
  if (!wasGivenUp(block.hash)) return null;
  return notice("held", t("block.givenUp"), el("a", { href: `#/block/${block.index}` }, say("block.tookPlace", { n: block.index })));
}
