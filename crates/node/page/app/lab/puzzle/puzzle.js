// Lab 2: a proof is hard to find and easy to check.
import { sha256Hex, zerosOf } from "../../core/hash.js";
import { el, replace } from "../../dom/el.js";
import { expectedTries } from "../../node/status.js";
import { searchBar } from "../../parts/bars.js";
import { figure, precise, rate } from "../../parts/figures.js";
import { fullGuess, fullHash } from "../../parts/hash.js";
import { verdict } from "../../parts/verdict.js";
import { say, t } from "../../texts/texts.js";
import { part, plus } from "../../views/block/puzzle.js";
import { dots } from "./dots.js";
import { search } from "../model/search.js";
import { toyPanel } from "./toy.js";

const START = "1506057125.900785";
const LEAST = 1, MOST = 7, ASKED = 4;

/** The hash of a genesis with a timestamp. @param {string} time */
const genesisHash = (time) => sha256Hex(`{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": ${time}, "transactions": []}`);

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const state = {
    time: /^\d+\.\d+$/.test(lab.state?.g) ? lab.state.g : START,
    zeros: lab.state?.z >= LEAST && lab.state?.z <= MOST ? Math.floor(lab.state.z) : ASKED,
    proof: /^\d{1,20}$/.test(lab.state?.p) ? lab.state.p : "0",
    /** @type {[number, number][]} zeros and tries */
    searches: Array.isArray(lab.state?.d) ? lab.state.d.filter(isSearch).slice(-60) : [],
  };
  /** For each number of zeros, the tries of the last proof found. @type {Map<number, number>} */
  const solved = new Map(state.searches);
  const toy = toyPanel(lab.state?.y);
  const real = new Real(lab, state, solved);
  lab.saved(() => ({ g: state.time, z: state.zeros, p: state.proof, y: toy.y(), d: state.searches.slice(-30) }));
  real.draw();
  return [el("div.cols-toy", toy.node, real.node), real.searches];
}

/** @param {any} value */
const isSearch = (value) => Array.isArray(value) && value.length === 2 && value.every((each) => Number.isFinite(each) && each > 0);

class Real {
  /** @param {import("../lab.js").Lab} lab @param {any} state @param {Map<number, number>} solved */
  constructor(lab, state, solved) {
    this.lab = lab;
    this.state = state;
    this.solved = solved;
    /** @type {AbortController | null} */
    this.searching = null;
    this.side = el("span.push");
    this.hash = el("span");
    this.guess = el("div");
    this.zeros = el("b");
    this.expected = el("span.small.muted");
    this.buttons = el("div.row.push");
    this.progress = el("div.stack-s");
    this.field = el("input.mono", { "aria-labelledby": "yp", inputmode: "numeric", oninput: () => this.typed() });
    this.field.value = state.proof;
    this.slider = el("input.range", { id: "z", type: "range", min: LEAST, max: MOST, oninput: () => {
      state.zeros = Number(this.slider.value);
      this.draw();
    } });
    this.slider.value = String(state.zeros);
    this.searches = el("section.panel", { "aria-labelledby": "p2" });
    this.node = el("section.panel", { "aria-labelledby": "p1" }, el("div.panel-head", el("h2", { id: "p1" }, t("lab.puzzleOf")), this.side),
      el("div.panel-body.puzzle",
        el("div.parts", part(t("puzzle.proofOf", { n: 1 }), el("span.hex", "1")), plus(),
          el("div.part.part-in", el("small", { id: "yp" }, t("lab.puzzleProof")), this.field), plus(), part(t("puzzle.hashOf", { n: 1 }), this.hash)),
        el("div.then", t("puzzle.sha")), this.guess,
        el("div.row", el("label.inline", { for: "z" }, t("lab.puzzleZeros")), this.slider, this.zeros, this.expected, this.buttons), this.progress));
  }

  typed() {
    if (!/^\d{1,20}$/.test(this.field.value)) return replace(this.side, verdict("bad", t("lab.puzzleWhole")));
    this.state.proof = this.field.value;
    this.note(BigInt(this.state.proof) + 1n);
    return this.draw();
  }

  /** Records the tries, if the proof solves the puzzle. @param {bigint} tries */
  note(tries) {
    const { zeros, time, proof } = this.state;
    if (zerosOf(sha256Hex(`1${proof}${genesisHash(time)}`)) >= zeros) this.solved.set(zeros, Number(tries));
  }

  draw() {
    const { zeros, time, proof } = this.state;
    const guess = sha256Hex(`1${proof}${genesisHash(time)}`);
    const found = zerosOf(guess);
    replace(this.hash, fullHash(genesisHash(time)));
    replace(this.guess, part(t("lab.puzzleGuess"), el("span.guess", fullGuess(guess, zeros))));
    replace(this.side, found >= zeros ? verdict("ok", say("lab.puzzleIs", { proof: figure(proof), asked: zeros, found }))
      : verdict("none", say("lab.puzzleNot", { found: Math.max(found, 0), asked: zeros })));
    this.slider.setAttribute("aria-valuetext", t("strip.zeros", { n: zeros }));
    replace(this.zeros, zeros);
    replace(this.expected, ...say("next.expected", { n: expectedTries(zeros) }));
    replace(this.buttons, ...this.actions());
    replace(this.progress);
    replace(this.searches, el("div.panel-head", el("h2", { id: "p2" }, t("lab.puzzleSearches")), el("span.push.small.muted", t("lab.puzzleDots"))),
      el("div.panel-body", dots(this.state.searches)));
    this.check();
  }

  check() {
    const first = this.solved.get(ASKED);
    const more = [...this.solved].filter(([zeros]) => zeros > ASKED).at(-1);
    if (first && more) this.lab.solve(say("lab.puzzleSolved", { zeros: more[0] - ASKED, ratio: precise(more[1] / first), mean: 16 ** (more[0] - ASKED) }));
  }

  actions() {
    const busy = this.searching !== null;
    return [
      el("button.btn", { type: "button", disabled: busy, onclick: () => this.another() }, t("lab.puzzleAnother")),
      busy ? el("button.btn", { type: "button", onclick: () => this.searching?.abort() }, t("mine.cancel"))
        : el("button.btn.btn-work", { type: "button", onclick: () => this.start() }, t("lab.puzzleSearch")),
    ];
  }

  another() {
    this.state.time = (1506057125 + Math.floor(Math.random() * 1e8) + 0.5).toFixed(1);
    this.draw();
  }

  async start() {
    const { zeros, time } = this.state;
    const stop = (this.searching = new AbortController());
    this.lab.scope.onEnd(() => stop.abort());
    this.draw();
    try {
      const found = await search({ before: "1", after: genesisHash(time), zeros }, stop.signal, (progress) => this.tell(progress, zeros));
      this.state.proof = this.field.value = found.proof;
      this.state.searches.push([zeros, found.tries]);
      this.note(BigInt(found.tries));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    this.searching = null;
    if (this.lab.scope.isOpen) this.draw();
  }

  /** @param {import("../model/search.js").Progress} progress @param {number} zeros */
  tell({ tries, seconds }, zeros) {
    const ratio = tries / expectedTries(zeros);
    const { value, scale } = rate(tries / seconds);
    replace(this.progress, searchBar(ratio, t("mine.bar", { ratio: precise(ratio) })),
      el("p.small", say("mine.tries", { n: tries, ratio: precise(ratio) }), " ", el("span.muted", t(`rate.${scale}`, { n: value }))));
  }
}

