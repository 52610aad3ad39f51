// Search: a field, and the list of what it finds.
import { el, replace } from "../dom/el.js";
import { find, printOf } from "../node/find.js";
import { MOST_WALLETS } from "../node/who/wallets.js";
import { t, say } from "../texts/texts.js";
import { blockLink } from "./block.js";
import { fingerprint, shortHash } from "./hash.js";
import { refusal } from "./refusal.js";
import { addressLink, who } from "./who/who.js";

/** @typedef {import("../node/find.js").Found} Found */

/** @param {Found} found */
export const linkOf = (found) => (found.kind === "block" ? blockLink(found.block) : addressLink(found.address));

/** @param {Found} found @param {string} query what was looked for */
function row(found, query) {
  if (found.kind === "block") return [el("b", say("block.name", { n: found.block.index })), shortHash(found.block.hash)];
  const print = printOf(found.address);
  return [who(found.address, { link: false, print: false }), print && fingerprint(print, print.startsWith(bare(query)) ? bare(query).length : 0)];
}

/** The list shows only after this delay that a search runs: a quick one must not flash. */
const QUIET_MS = 150;

/** A field that searches as you type, and the list of options below it. */
class Search {
  /** @param {HTMLInputElement} field @param {HTMLElement} list with role listbox @param {() => void} opened */
  constructor(field, list, opened) {
    this.field = field;
    this.list = list;
    this.opened = opened;
    /** @type {Found[]} */
    this.all = [];
    this.chosen = 0;
    this.asking = new AbortController();
  }

  draw() {
    const { field, list, all, chosen } = this;
    replace(list, ...all.map((found, at) => el("li", {
      role: "option", id: `${list.id}-${at}`, "aria-selected": String(at === chosen), onclick: () => this.open(found),
    }, row(found, field.value))));
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (all.length) field.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
    else field.removeAttribute("aria-activedescendant");
  }

  /** @param {Found} found */
  open(found) {
    this.close();
    location.hash = linkOf(found);
    this.opened();
  }

  close() {
    this.asking.abort();
    this.list.hidden = true;
    this.all = [];
    this.draw();
  }

  /** Shows that a search takes a while: for the first one, the node reads all blocks. */
  wait() {
    this.list.hidden = false;
    this.draw();
    replace(this.list, el("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, el("span.skel.skel-2"), el("span.vh", t("find.busy"))));
  }

  async search() {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    // Enter must not open a result of an earlier text.
    this.all = [];
    const waiting = setTimeout(() => signal.aborted || this.wait(), QUIET_MS);
    try {
      const found = await find(this.field.value, signal);
      if (signal.aborted) return;
      Object.assign(this, { all: found, chosen: 0 });
      this.list.hidden = !this.field.value.trim();
      this.draw();
      if (!found.length && !this.list.hidden) replace(this.list, nothing(this.field.value));
    } catch (error) {
      if (!signal.aborted) replace(this.list, el("li", { role: "option", "aria-selected": "false" }, refusal(error)));
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {KeyboardEvent} event */
  async press(event) {
    if (event.key === "Escape") this.close();
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key !== "Enter") {
      this.chosen = Math.max(0, Math.min(this.all.length - 1, this.chosen + (event.key === "ArrowDown" ? 1 : -1)));
      return this.draw();
    }
    if (!this.all[this.chosen]) await this.search();
    if (this.all[this.chosen]) this.open(this.all[this.chosen]);
  }
}

/**
 * Makes a field search. Returns the function that starts a search.
 * @param {import("../dom/scope.js").Scope} scope
 * @param {HTMLInputElement} field @param {HTMLElement} list with role listbox
 * @param {() => void} [opened] called when a result is opened
 */
export function searching(scope, field, list, opened = () => {}) {
  const search = new Search(field, list, opened);
  scope.listen(field, "input", () => search.search());
  scope.listen(field, "keydown", (event) => search.press(event));
  scope.listen(document, "click", (event) => list.contains(event.target) || event.target === field || search.close());
  return () => search.search();
}

/** @param {string} query */
const nothing = (query) => el("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, el("span",
  el("b", say("find.nothing", { query: el("bdi.said", query.slice(0, 100)) })), " ", el("span.muted.small", t("find.what"), isPrint(query) && [" ", ...say("find.wallets", { n: MOST_WALLETS })])));

/** A text in the form of a fingerprint: no spaces, lower case. @param {string} query */
const bare = (query) => query.replace(/\s/g, "").toLowerCase();

/** Whether a text may be the beginning of a fingerprint. @param {string} query */
const isPrint = (query) => /^[0-9a-f]{2,16}$/.test(bare(query));
