// Lab 6: two chains, and the longer one wins.
import { el, replace } from "../../dom/el.js";
import { refusal } from "../../parts/refusal.js";
import { language, say, t } from "../../texts/texts.js";
import { ZEROS, inWords } from "../model/sample.js";
import { mineAfter } from "../model/search.js";
import { outcomePanels } from "./outcome.js";
import { tree, uprightTree } from "./tree.js";
import { sideName } from "./side.js";
import { World } from "./world.js";

const MOST_BLOCKS = 9;
const STORY = /^[lrxc]{0,24}$/;

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const page = new ForkLab(lab);
  lab.saved(() => ({ s: page.world.story }));
  page.draw();
  page.replay(STORY.test(lab.state?.s ?? "") ? lab.state?.s ?? "" : "");
  return [page.panel, page.outcome];
}

class ForkLab {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.world = new World();
    this.isBusy = false;
    this.buttons = el("div.row.push");
    this.body = el("div.panel-body.scroll-x", { tabindex: 0, role: "region", "aria-label": t("lab.forkRegion") });
    this.said = el("div");
    this.outcome = el("div.cols-3");
    this.panel = el("section.panel", { "aria-labelledby": "tr" }, el("div.panel-head", el("h2", { id: "tr" }, t("lab.forkTree")), this.buttons), this.body, this.said);
  }

  /** Repeats the steps in a link. @param {string} story */
  async replay(story) {
    for (const step of story) {
      if (step === "x") this.cut();
      else if (step === "c") this.connect();
      else await this.mine(step === "l" ? "left" : "right");
    }
  }

  cut() {
    this.world.cut();
    this.world.story += "x";
    this.draw();
  }

  connect() {
    this.world.connect();
    this.world.story += "c";
    this.draw();
    this.judge();
  }

  /** @param {import("./world.js").Side} side */
  async mine(side) {
    const chain = this.world.chains[side];
    if (this.isBusy || chain.length >= MOST_BLOCKS) return;
    this.isBusy = true;
    this.draw();
    try {
      const block = this.world.template(side);
      await mineAfter(block, chain[chain.length - 1], ZEROS, this.lab.scope.signal);
      this.world.add(side, block);
      this.world.story += side[0];
    } catch (error) {
      if (this.lab.scope.isOpen) replace(this.said, el("div.panel-body", refusal(error)));
    }
    this.isBusy = false;
    if (!this.lab.scope.isOpen) return;
    this.draw();
    this.judge();
  }

  judge() {
    const { meeting } = this.world;
    if (!meeting?.back.length) return;
    const { winner, loser, givenUp, won, back } = meeting;
    this.lab.solve(say("lab.forkSolved", { loser: sideName(loser), winner: sideName(winner), out: givenUp.length, in: won.length, payment: inWords(back[0]) }));
  }

  draw() {
    const { world } = this;
    const busy = this.isBusy;
    const mine = (/** @type {import("./world.js").Side} */ side) => el("button.btn.btn-s", {
      type: "button", disabled: world.chains[side].length >= MOST_BLOCKS, "aria-disabled": busy && "true", "data-act": `mine-${side}`, onclick: () => this.mine(side),
    }, t("lab.forkMine", { side: sideName(side) }));
    const line = (/** @type {boolean} */ cut) => el("button", {
      type: "button", "aria-pressed": String(world.isCut === cut), "aria-disabled": busy && "true", "data-act": cut ? "cut" : "connect",
      onclick: () => !busy && world.isCut !== cut && (cut ? this.cut() : this.connect()),
    }, t(cut ? "lab.forkCut" : "lab.forkConnected"));
    replace(this.buttons, mine("left"), mine("right"), el("div.seg", { role: "group", "aria-label": t("lab.forkLine") }, line(true), line(false)));
    const [common, branches] = this.branches();
    replace(this.body, tree(common, branches), uprightTree(common, branches));
    replace(this.said, el("div.panel-foot", { role: "status" }, busy ? t("lab.forkSearching") : this.sentence()));
    replace(this.outcome, ...outcomePanels(world));
  }

  /** @returns {[import("../model/sample.js").LabBlock[], import("./tree.js").Branch[]]} */
  branches() {
    const { chains, fork, meeting } = this.world;
    if (!meeting) {
      const both = fork === chains.left.length && fork === chains.right.length;
      const names = /** @type {import("./world.js").Side[]} */ (["left", "right"]);
      const limbs = both ? [] : names.map((side) => ({
        blocks: chains[side].slice(fork), words: t("lab.forkMined", { side: sideName(side) }), isOld: false, note: "",
      }));
      return [chains.left.slice(0, fork), limbs];
    }
    const { winner, loser, givenUp, won } = meeting;
    const start = chains[winner].findIndex((block) => block.index.text === givenUp[0].index.text);
    const note = t("lab.forkShorter", { n: indexes(givenUp).at(-1), by: won.length - givenUp.length });
    const old = { blocks: givenUp, words: t("lab.forkGaveUp", { side: sideName(loser) }), isOld: true, note };
    const now = { blocks: chains[winner].slice(start), words: t("lab.forkWon", { side: sideName(winner) }), isOld: false, note: "" };
    return [chains[winner].slice(0, start), loser === "left" ? [old, now] : [now, old]];
  }

  sentence() {
    const { chains, isCut, meeting } = this.world;
    const [left, right] = [chains.left.length, chains.right.length];
    if (isCut) return t("lab.forkIsCut", { left, right });
    if (meeting) return resultOf(meeting);
    if (this.world.fork < left) return t("lab.forkTie", { n: left });
    return t("lab.forkSame");
  }
}

/** @param {import("../model/sample.js").LabBlock[]} blocks */
const indexes = (blocks) => blocks.map(({ index }) => index.text);

/** @param {import("./world.js").Meeting} meeting */
const resultOf = ({ winner, loser, givenUp, won }) => t("lab.forkResult", {
  winner: sideName(winner), loser: sideName(loser), most: indexes(won).at(-1), less: indexes(givenUp).at(-1),
  n: givenUp.length, blocks: new Intl.ListFormat(language).format(indexes(givenUp)),
});
