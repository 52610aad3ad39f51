// Lab 7: what these rules do not stop, tried on the page's own small chain.
import { el, replace } from "../../dom/el.js";
import { domino, link } from "../../parts/block.js";
import { shortHash } from "../../parts/hash.js";
import { refusal } from "../../parts/refusal.js";
import { symbol, verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { hashOf, previousOf, sampleChain } from "../model/sample.js";
import { DEEDS } from "./deeds.js";

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const page = new WeaknessLab(lab);
  lab.saved(() => ({ d: [...page.done].join(" ") }));
  page.draw();
  return [page.region, page.panel];
}

class WeaknessLab {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    const names = DEEDS.map(([name]) => name);
    this.done = new Set(String(lab.state?.d ?? "").split(" ").filter((name) => names.includes(name)));
    /** @type {{name: string, deed: import("./deeds.js").Deed} | null} */
    this.last = null;
    this.busy = "";
    /** Names of the weaknesses whose remedy is unfolded. @type {Set<string>} */
    this.open = new Set();
    /** @type {{name: string, error: unknown} | null} */
    this.failed = null;
    this.region = el("div.chain.chain-five", { role: "region", "aria-label": t("lab.weakRegion"), tabindex: 0 });
    this.list = el("ol.two-up");
    this.panel = el("section.panel", { "aria-label": t("lab.weakList") }, this.list);
  }

  draw() {
    const chain = this.last?.deed.chain ?? sampleChain();
    replace(this.region, ...chain.flatMap((block, at) => [...(at ? [link()] : []), this.card(block, at + 1)]));
    replace(this.list, ...DEEDS.map(([name, act]) => this.row(name, act)));
    if (this.done.size === DEEDS.length) this.lab.solve(t("lab.weakSolved"));
    else this.lab.setTask(t("lab.weaknessesTask"), say("lab.weakDone", { n: this.done.size, all: DEEDS.length }));
  }

  /** @param {import("../model/sample.js").LabBlock} block @param {number} index */
  card(block, index) {
    const isChanged = this.last?.deed.changed === index;
    return el(`div.block${isChanged ? ".block-changed" : ""}`, isChanged && el("span.block-tab", t(`lab.${this.last?.name}Tab`)),
      el("div.block-head", el("b", say("block.name", { n: index })), verdict("ok", t("verdict.valid"))),
      domino(shortHash(hashOf(block)), shortHash(previousOf(block)), { oldestFirst: true }));
  }

  /** @param {string} name @param {import("./deeds.js").Do} act */
  row(name, act) {
    const isDone = this.done.has(name);
    const press = () => (isDone ? this.undo(name) : this.act(name, act));
    const words = t(isDone ? "lab.weakUndo" : this.busy === name ? "lab.weakBusy" : "lab.weakDo");
    const id = `weak-${name}`;
    const button = el("button.btn.btn-s", {
      type: "button", id, "aria-labelledby": `${id} ${id}-is`, "aria-disabled": this.busy !== "" && !isDone && "true", onclick: press,
    }, words);
    return el("li.start", symbol(isDone ? "ok" : "none"), el("div", el("b", { id: `${id}-is` }, t(`lab.${name}`)),
      isDone && [el("p", t(`lab.${name}Then`)), this.remedy(name)],
      this.failed?.name === name && refusal(this.failed.error)), button);
  }

  /** What would have stopped it, and how. @param {string} name */
  remedy(name) {
    const toggle = (/** @type {any} */ { target }) => (target.open ? this.open.add(name) : this.open.delete(name));
    return el("details.small.remedy", { open: this.open.has(name), ontoggle: toggle },
      el("summary", el("span.muted", t("lab.weakStop"), " "), t(`lab.${name}Stop`)), el("p.muted", t(`lab.${name}How`)));
  }

  /** @param {string} name @param {import("./deeds.js").Do} act */
  async act(name, act) {
    if (this.busy) return;
    Object.assign(this, { busy: name, failed: null });
    this.draw();
    try {
      const deed = await act(this.lab.scope.signal);
      if (!deed.holds) throw new Error(t("lab.weakNot"));
      this.done.add(name);
      this.last = { name, deed };
    } catch (error) {
      this.failed = { name, error };
    }
    this.busy = "";
    if (this.lab.scope.isOpen) this.draw();
  }

  /** @param {string} name */
  undo(name) {
    this.done.delete(name);
    if (this.last?.name === name) this.last = null;
    this.draw();
  }
}
