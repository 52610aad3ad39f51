// The class board: every node of the network on one screen, for a projector.
import { minerOf } from "../core/block.js";
import { walletOf } from "../core/address.js";
import { el, replace } from "../dom/el.js";
import { Scope } from "../dom/scope.js";
import { block } from "../node/blocks.js";
import { on } from "../node/bus.js";
import { Refusal } from "../node/client.js";
import * as feed from "../node/feed.js";
import { current, refresh as refreshStatus } from "../node/status.js";
import { refusal } from "../parts/refusal.js";
import { tick } from "../parts/time.js";
import { otherTheme } from "../shell/theme.js";
import { loadLanguage, t } from "../texts/texts.js";
import { turning } from "./pages.js";
import { foot, top } from "./lines.js";
import { all, refresh } from "./seats.js";
import { tile } from "./tile.js";

const REST_MS = 3000;
const FLASH_MS = 2000;

const scope = new Scope();
const header = el("header.board-top");
const tiles = el("ul.tiles");
const line = el("div.board-line");
// Made once, while the line beside it is redrawn: a press must not be lost.
const theme = el("button.btn.btn-s", { type: "button", onclick: otherTheme });
const board = el("main.board", header, tiles, el("footer.board-foot", line, theme));

/** The last block, once it is read. @type {import("../core/block.js").Block | null} */
let last = null;
/** The wallet whose tile shows that it mined, and the block. @type {{wallet: string, index: number} | null} */
let flash = null;
let isAsking = false;

const pages = turning(scope, () => draw());

function draw() {
  const { first, end, page, count, wide } = pages.of(all().length);
  tiles.classList.toggle("tiles-8", wide);
  replace(header, ...top(last));
  replace(tiles, ...all().slice(first, end).map((seat) => tile(seat, flash && seat.wallet === flash.wallet ? flash.index : null)));
  replace(line, ...foot(page, count));
}

/** The last block. Asks the node only if the tip has changed. */
async function readLast() {
  const { tip } = current();
  if (last?.hash !== tip) last = await block(tip);
  return last;
}

/** Fetches the nodes, and shows them, or why that failed. */
async function ask() {
  if (isAsking || document.hidden) return;
  isAsking = true;
  try {
    await refresh();
    await readLast().catch(() => {});
    if (!board.isConnected) document.body.replaceChildren(board);
    draw();
  } catch (error) {
    // If the node is silent, the board stays as it is: its top line shows the state of the feed.
    if (!all().length || error instanceof Refusal) explain(error);
  }
  isAsking = false;
}

/** @param {unknown} error */
function explain(error) {
  const again = el("button.btn", { type: "button", onclick: ask }, t("refused.again"));
  document.body.replaceChildren(el("main.page.stack", el("h1", t("class.title")), refusal(error, "owner.class"), el("div", again)));
}

/** Highlights the tile of the last block's miner for a moment. */
async function mined() {
  const fresh = await readLast();
  const miner = minerOf(fresh);
  const wallet = typeof miner === "string" ? walletOf(miner)?.fingerprint : undefined;
  if (!wallet) return;
  const mine = (flash = { wallet, index: fresh.index });
  if (board.isConnected) draw();
  setTimeout(() => {
    if (flash !== mine) return;
    flash = null;
    draw();
  }, FLASH_MS);
}

async function begin() {
  await loadLanguage();
  document.title = `${t("class.title")} · Ledger`;
  theme.textContent = t("class.theme");
  await refreshStatus().catch(() => {});
  await ask();
  on(scope, "block", () => mined().catch(() => {}).then(ask));
  on(scope, "reorg", ask);
  on(scope, "missed", ask);
  on(scope, "status", () => board.isConnected || ask());
  on(scope, "feed", () => all().length && board.isConnected && draw());
  scope.every(REST_MS, () => board.isConnected && ask());
  scope.every(1000, tick);
  feed.start();
}

begin();
