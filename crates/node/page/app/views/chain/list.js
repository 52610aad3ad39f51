// All blocks, newest first. Only the rows on screen, and a screen on each side, are in the document.
import { arrange, el, freshId, replace } from "../../dom/el.js";
import { known, page } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { current, expectedTries } from "../../node/status.js";
import { say, t } from "../../texts/texts.js";
import { Rows } from "./rows.js";

/** The height of a row until one is measured. */
const ROW = 44;
/** Browsers limit the height of a document. In a longer chain, the list shows a window that moves. */
const MAX_ROWS = 300000;

class BlockList {
  /** @param {import("../../dom/scope.js").Scope} scope */
  constructor(scope) {
    this.scope = scope;
    /** Index of the newest block in the list. It does not change while a person reads further down. */
    this.top = current().height;
    this.body = el("tbody");
    this.table = el("table.cards.blocks", head(), this.body);
    this.above = spacer();
    this.below = spacer();
    this.more = el("button.btn.btn-s.push", { type: "button", hidden: true, onclick: () => this.toTop() });
    this.foot = el("div.panel-foot", t("chain.end"));
    this.drawn = new Rows();
    this.painted = "";
    this.waiting = false;
    this.isLoading = false;
    this.size = ROW;
    this.isMeasured = false;
    this.draw = this.draw.bind(this);
    scope.listen(window, "scroll", () => this.soon(), { passive: true });
    scope.listen(window, "resize", () => {
      this.isMeasured = false;
      this.renewed();
    });
    on(scope, "block", () => this.grown());
    on(scope, "reorg", () => this.grown());
    on(scope, "missed", () => this.grown());
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  get rows() {
    return Math.min(this.top, MAX_ROWS);
  }

  /** Whether the head of the list is on screen, or not far above it. */
  get isAtTop() {
    return this.table.getBoundingClientRect().top > -2 * this.size;
  }

  grown() {
    if (this.isAtTop) this.top = current().height;
    this.renewed();
  }

  renewed() {
    this.painted = "";
    if (this.top > current().height) this.top = current().height;
    const n = current().height - this.top;
    this.more.hidden = n === 0;
    replace(this.more, ...say("chain.newBlocks", { n }));
    this.soon();
  }

  toTop() {
    this.top = current().height;
    this.renewed();
    this.table.scrollIntoView({ block: "start" });
  }

  /** Scrolls to a block. @param {number} index */
  goTo(index) {
    const height = current().height;
    const wanted = Math.max(1, Math.min(height, index));
    const inReach = wanted <= this.top && this.top - wanted < MAX_ROWS;
    if (!inReach) this.top = Math.min(height, wanted + 100);
    this.renewed();
    this.draw();
    const top = this.table.getBoundingClientRect().top + scrollY;
    scrollTo(0, top + (this.top - wanted) * this.size);
  }

  /** Paints the rows that are on screen. */
  draw() {
    if (!this.table.isConnected) return;
    const { size } = this;
    const above = Math.max(0, -this.body.getBoundingClientRect().top);
    const screen = Math.ceil(innerHeight / size);
    const first = Math.min(Math.max(0, Math.floor(above / size) - screen), Math.max(0, this.rows - 1));
    const last = Math.min(this.rows, first + 3 * screen);
    const key = `${this.top} ${first} ${last} ${size}`;
    if (key === this.painted) return;
    this.painted = key;
    this.table.setAttribute("aria-rowcount", String(this.rows + 1));
    const indexes = Array.from({ length: last - first }, (_, at) => this.top - first - at);
    const { rows, isWhole } = this.drawn.show(indexes, first + 1, Math.floor(above / size) - first);
    stretch(this.above, first * size);
    stretch(this.below, (this.rows - last) * size);
    arrange(this.body, [this.above, ...rows, this.below]);
    if (!isWhole) this.again();
    this.load(indexes);
    this.foot.hidden = this.top > MAX_ROWS;
    this.measure();
  }

  /** Paints again, even if nothing was scrolled. */
  again() {
    this.painted = "";
    this.soon();
  }

  /** Measures the height of a row, which depends on the width. */
  measure() {
    const height = this.isMeasured ? 0 : this.body.querySelector("[data-row]")?.getBoundingClientRect().height;
    if (!height) return;
    this.isMeasured = true;
    if (Math.abs(height - this.size) < 0.5) return;
    this.size = height;
    this.soon();
  }

  /**
   * Fetches the unknown blocks of these rows, and the one before them. One round at a time: rows that are scrolled past
   * meanwhile are not fetched.
   * @param {number[]} shown
   */
  async load(shown) {
    if (this.isLoading) return;
    const indexes = [...shown, shown[shown.length - 1] - 1].filter((index) => index > 0 && !known(index));
    if (!indexes.length) return;
    const painted = this.painted;
    this.isLoading = true;
    await Promise.all(new Set(indexes.map((index) => page(index)))).catch(() => {});
    this.isLoading = false;
    const isNews = painted !== this.painted || indexes.some((index) => known(index));
    if (this.scope.isOpen && isNews) this.again();
  }
}

/** A row in place of those that are not in the document. */
const spacer = () => el("tr", { "aria-hidden": "true" }, el("td.spacer", { colspan: 8 }));

/** @param {any} row @param {number} height */
function stretch(row, height) {
  row.firstChild.style.height = `${height}px`;
  row.hidden = height <= 0;
}

const head = () => el("thead", el("tr", { "aria-rowindex": 1 },
  el("th", t("chain.block")), el("th", t("chain.mined")), el("th", t("chain.guess")), el("th.right", t("chain.tries")),
  el("th", el("span.vh", t("chain.against"))), el("th.right", t("block.payments")), el("th", t("block.minedBy")), el("th", t("chain.hash"))));

/** @param {BlockList} list */
function goToForm(list) {
  const id = freshId();
  const field = el("input.goto", { id, inputmode: "numeric", placeholder: t("chain.goToShort") });
  return el("form.row-s", { onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const index = Number(field.value.replace(/\s/g, ""));
    if (Number.isInteger(index) && index > 0) list.goTo(index);
  } }, el("label.vh", { for: id }, t("chain.goTo")), field);
}

/** A link past the list, which has two links in each row. */
const skip = () => el("a.vh.small", { href: "#/", onclick: (/** @type {Event} */ event) => {
  event.preventDefault();
  document.getElementById("po")?.focus();
} }, t("chain.skip"));

/** @param {import("../../dom/scope.js").Scope} scope */
export function blockList(scope) {
  const list = new BlockList(scope);
  const legend = el("span.push.small.muted", say("chain.legend", { n: expectedTries(current().difficulty) }));
  const node = el("section.panel", { "aria-labelledby": "bl" },
    el("div.panel-head", el("h2", { id: "bl" }, t("chain.blocks")), skip(), goToForm(list), list.more, legend), list.table, list.foot);
  return { node, draw: list.draw };
}
