// The newest six blocks as dominoes, with the next one in front. New ones slide in; those given up fall.
import { el, replace } from "../../dom/el.js";
import { range } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { current } from "../../node/status.js";
import { blockCard, link } from "../../parts/block.js";
import { refusal } from "../../parts/refusal.js";
import { t } from "../../texts/texts.js";
import { nextBlock } from "./next.js";

const SHOWN = 6;
const FALL_MS = 1200;

/** @typedef {import("../../core/block.js").Block} Block */

/** @param {import("../../dom/scope.js").Scope} scope */
export async function newest(scope) {
  const box = el("div.chain.chain-home", { role: "region", "aria-label": t("chain.region"), tabindex: 0 });
  const next = nextBlock(scope);
  let falling = false;
  let painted = "";
  /** @type {Set<string>} */
  let took = new Set();
  /** @param {boolean} [arrives] @param {Set<string>} [arriving] */
  const draw = async (arrives = false, arriving = new Set()) => {
    const { height, tip } = current();
    if (falling) return;
    const blocks = await range(height - SHOWN, SHOWN + 1).catch((error) => error);
    if (!scope.isOpen || falling) return;
    if (blocks instanceof Error) return replace(box, next, refusal(blocks));
    const fresh = arrives && painted !== tip;
    painted = tip;
    replace(box, next, ...cards(blocks.reverse(), fresh, took, arriving));
  };
  on(scope, "block", ({ count }) => draw(count === 1));
  on(scope, "reorg", ({ old, connected }) => {
    falling = mark(box, old);
    const height = current().height;
    setTimeout(async () => {
      falling = false;
      const shown = Math.min(connected, SHOWN);
      took = new Set((await range(height - shown + 1, shown).catch(() => [])).map((block) => block.hash));
      draw(false, took);
    }, falling ? FALL_MS : 0);
  });
  on(scope, "missed", () => draw());
  await draw();
  return box;
}

/**
 * @param {Block[]} blocks newest first @param {boolean} fresh whether the first has just arrived
 * @param {Set<string>} took hashes of those that replaced others @param {Set<string>} arriving of those that replace others now
 */
function cards(blocks, fresh, took, arriving) {
  const { difficulty } = current();
  return blocks.slice(0, SHOWN).flatMap((block, at) => [
    link(at === 0 ? "next" : ""),
    blockCard(block, blocks[at + 1], difficulty, {
      tab: took.has(block.hash) ? t("reorg.took") : undefined,
      classes: fresh && at === 0 ? ".arrive" : arriving.has(block.hash) ? `.arrive.late-${Math.max(0, arriving.size - 1 - at)}` : "",
    }),
  ]);
}

/**
 * Marks the blocks that a reorg gave up. Returns whether any of them is shown.
 * @param {HTMLElement} box @param {Block[]} old
 */
function mark(box, old) {
  const hashes = new Set(old.map((block) => block.hash));
  const cards = [...box.querySelectorAll("[data-hash]")].filter((card) => hashes.has(card.getAttribute("data-hash") ?? ""));
  for (const [at, card] of cards.entries()) {
    card.classList.add("block-old", "fall", `late-${Math.min(at, SHOWN - 1)}`);
    card.prepend(el("span.block-tab", t("reorg.givenUp")));
  }
  return cards.length > 0;
}
