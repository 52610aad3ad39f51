// Lab 4: why nobody can change the past quietly.
import { decimal } from "../../core/decimal.js";
import { el, replace } from "../../dom/el.js";
import { refusal } from "../../parts/refusal.js";
import { say, t } from "../../texts/texts.js";
import { chainCards } from "./cards.js";
import { membersPanel } from "./members.js";
import { costPanel, whyPanel } from "./panels.js";
import { Tampered } from "./tampered.js";
import { ZEROS, paymentsIn } from "../model/sample.js";
import { mineAfter } from "../model/search.js";
import { unchecked, verify } from "../model/verify.js";

const REST_MS = 150;
/** The change to the past that the task asks for. */
const LIE = { block: 3, amount: "500" };

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const page = new ChainLab(lab);
  lab.saved(() => page.chain.save());
  page.changed();
  return [page.region, el("div.cols", page.why, page.cost), page.members.node];
}

class ChainLab {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.chain = new Tampered(lab.state);
    /** @type {import("../model/verify.js").Verdict[]} */
    this.verdicts = unchecked(this.chain.blocks);
    /** @type {unknown} */
    this.error = null;
    /** @type {AbortController | null} */
    this.mining = null;
    this.tries = 0;
    this.region = el("div.chain.chain-lab", { role: "region", "aria-label": t("lab.chainRegion"), tabindex: 0 });
    this.why = el("section.panel", { "aria-labelledby": "why" });
    this.cost = el("section.panel", { "aria-labelledby": "co" });
    this.members = membersPanel(this.chain, () => this.changed());
  }

  /** Redraws the hashes at once, and asks for verdicts a moment after the last change. */
  changed() {
    clearTimeout(this.timer);
    this.draw();
    this.timer = setTimeout(() => this.check(), REST_MS);
  }

  async check() {
    try {
      this.verdicts = await verify(this.chain.blocks, ZEROS, this.lab.scope.signal);
      this.error = null;
    } catch (error) {
      this.verdicts = unchecked(this.chain.blocks);
      this.error = error;
    }
    if (!this.lab.scope.isOpen) return;
    this.draw();
    this.judge();
  }

  draw() {
    const focused = () => /** @type {HTMLInputElement | null} */ (this.region.querySelector("input:focus"));
    const caret = focused()?.selectionStart ?? null;
    replace(this.region, ...chainCards(this.chain, this.verdicts, (index, amount) => {
      this.chain.setAmount(index, amount);
      this.members.draw();
      this.changed();
    }));
    focused()?.setSelectionRange(caret, caret);
    replace(this.why, ...whyPanel(this), this.error ? el("div.panel-body", refusal(this.error)) : null);
    replace(this.cost, ...costPanel(this.chain, this.tries));
  }

  /** The index of the first broken block, or 0. */
  get broken() {
    return this.verdicts.findIndex(({ verdict }) => verdict === "broken") + 1;
  }

  judge() {
    const whole = this.verdicts.every(({ verdict }) => verdict === "valid");
    const lied = this.amountIn(LIE.block) === LIE.amount;
    if (whole && lied) this.lab.solve(say("lab.chainSolved", { n: this.chain.mined.size, tries: this.tries }));
    else if (whole && this.chain.mined.size) this.lab.setTask([t("lab.chainTask"), " ", t("lab.chainNoLie")]);
  }

  /** @param {number} index */
  amountIn(index) {
    const amount = paymentsIn(this.chain.blocks[index - 1])[0]?.amount;
    return decimal(String(amount)) ? String(amount) : "";
  }

  /** Finds a new proof for the first broken block. */
  async remine() {
    const index = this.broken;
    const stop = (this.mining = new AbortController());
    this.lab.scope.onEnd(() => stop.abort());
    this.draw();
    const before = this.tries;
    try {
      const found = await mineAfter(this.chain.blocks[index - 1], this.chain.blocks[index - 2], ZEROS, stop.signal, ({ tries }) => {
        this.tries = before + tries;
        replace(this.cost, ...costPanel(this.chain, this.tries));
      });
      this.tries = before + found.tries;
      this.chain.mined.add(index);
    } catch (error) {
      if (!stop.signal.aborted) this.error = error;
    }
    this.mining = null;
    this.members.draw();
    if (this.lab.scope.isOpen) await this.check();
  }

  /** Restores the first changed block. */
  putBack() {
    const [index] = this.chain.changedBlocks;
    if (index) this.chain.reset(index);
    this.members.draw();
    this.changed();
  }
}
