// The class board: every node of the network on one screen, to be projected.
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
// It stays while the line beside it is drawn anew: a press must not be lost.
const theme = el("button.btn.btn-s", { type: "button", onclick: otherTheme });
const board = el("main.board", header, tiles, el("footer.board-foot", line, theme));

/** The last block, once it is read. @type {import("../core/block.js").Block | null} */
let last = null;
/** Whose tile says that it has mined, and which block. @type {{wallet: string, index: number} | null} */
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

/** The last block. The node is asked only for another one than before. */
async function readLast() {
  const { tip } = current();
  if (last?.hash !== tip) last = await block(tip);
  return last;
}

/** Asks for the nodes, and shows them or why the node does not tell. */
async function ask() {
  if (isAsking || document.hidden) return;
  isAsking = true;
  try {
    await refresh();
    await readLast().catch(() => {});
    if (!board.isConnected) document.body.replaceChildren(board);
    draw();
  } catch (error) {
    // What is shown stays when the node is silent: the feed says so.
    if (!all().length || error instanceof Refusal) explain(error);
  }
  isAsking = false;
}

/** @param {unknown} error */
function explain(error) {
  const again = el("button.btn", { type: "button", onclick: ask }, t("refused.again"));
  document.body.replaceChildren(el("main.page.stack", el("h1", t("class.title")), refusal(error, "owner.class"), el("div", again)));
}

/** Tints the tile of whoever has mined the last block. */
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
