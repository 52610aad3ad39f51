// Lab 1: every text has one hash.
import { difference } from "../core/difference.js";
import { bytes, sha256Hex } from "../core/hash.js";
import { el, replace, svg } from "../dom/el.js";
import { marked, zeros } from "../parts/hash.js";
import { verdict } from "../parts/verdict.js";
import { shown } from "../parts/who/foreign.js";
import { say, t } from "../texts/texts.js";

const START = "Zoë pays bob 5";
const COLUMNS = 32;
/** The longest change that a sentence quotes, and the most characters of the previous text that are shown. */
const SHORT = 8, MOST_BEFORE = 200;

/** @param {import("./lab.js").Lab} lab */
export function build(lab) {
  let before = lab.state?.b ?? START;
  let tried = Number.isInteger(lab.state?.n) ? lab.state.n : 1;
  const field = el("textarea.mono", { id: "t", rows: 3, spellcheck: "false" });
  field.value = typeof lab.state?.t === "string" ? lab.state.t : START;
  const count = el("span.push.small.muted"), result = el("div.result"), line = el("div.row"), squares = el("div.panel-body.stack-s");
  const draw = () => {
    const text = field.value;
    const hash = sha256Hex(text), old = sha256Hex(String(before));
    replace(count, ...say("lab.hashSize", { n: [...text].length, bytes: bytes(text).length }));
    replace(result, zeros(hash, 1), digits(hash, old));
    replace(line, ...verdictOf(text, hash), el("span.push.small.muted", say("lab.hashTried", { n: tried })));
    replace(squares, ...bits(hash, old, text, String(before)));
    if (hash[0] === "0") lab.solve(say("lab.hashSolved", { n: tried }));
  };
  lab.scope.listen(field, "beforeinput", () => {
    before = field.value;
  });
  lab.scope.listen(field, "input", () => {
    tried += 1;
    draw();
  });
  lab.setTask(say("lab.hashTask", { zero: el("span.zeros", el("b", "0")) }));
  lab.saved(() => ({ t: field.value, b: before, n: tried }));
  draw();
  return [el("div.cols",
    el("section.panel", { "aria-labelledby": "tx" }, el("div.panel-head", el("h2", { id: "tx" }, t("lab.hashText")), count),
      el("div.panel-body.stack-s", el("label.vh", { for: "t" }, t("lab.hashLabel")), field, el("div.then", "SHA-256"), result, line)),
    el("section.panel", { "aria-labelledby": "bi" }, el("div.panel-head", el("h2", { id: "bi" }, t("lab.hashBits"))), squares))];
}

/** All digits but the first, with changed ones marked. @param {string} hash @param {string} old */
function digits(hash, old) {
  const groups = [hash.slice(1, 8), ...(hash.slice(8).match(/.{8}/g) ?? [])];
  let at = 1;
  return el("span.hex.hex-full.hex-l", { title: hash }, groups.map((group) => {
    const part = el("span", marked(group, old.slice(at)));
    at += group.length;
    return part;
  }));
}

/** @param {string} text @param {string} hash */
function verdictOf(text, hash) {
  if (hash[0] === "0") return [verdict("ok", t("lab.hashFound"))];
  return [verdict("none", t("lab.notYet")), el("span.small.muted", text ? t("lab.hashNot", { digit: hash[0] }) : t("lab.hashEmpty"))];
}

/** @param {string} hash */
const bitsOf = (hash) => Array.from(hash, (digit) => parseInt(digit, 16).toString(2).padStart(4, "0")).join("");

/** 256 squares, filled where a bit changed, and what changed. @param {string} hash @param {string} old @param {string} text @param {string} before */
function bits(hash, old, text, before) {
  const [now, then] = [bitsOf(hash), bitsOf(old)];
  const square = (/** @type {number} */ at) => `M${10 * (at % COLUMNS) + 1.5} ${10 * Math.floor(at / COLUMNS) + 1.5}h7v7h-7z`;
  const places = Array.from({ length: 256 }, (_, at) => at);
  const changed = places.filter((at) => now[at] !== then[at]);
  const same = places.filter((at) => now[at] === then[at]);
  return [
    svg("svg.bits", { viewBox: "0 0 320 80", role: "img", "aria-label": t("lab.hashChanged", { n: changed.length }) },
      svg("path.o", { d: same.map(square).join("") }), svg("path.x", { d: changed.map(square).join("") })),
    ...(changed.length ? told(changed.length, text, before) : [el("p.small", t("lab.hashSame"))]),
    el("p.small.muted", t("lab.hashWhy")),
  ];
}

/** How many bits changed, and from which text. @param {number} n @param {string} text @param {string} before */
function told(n, text, before) {
  const count = el("b", say("lab.hashCount", { n }));
  const { was, is } = difference(before, text);
  const isShort = [was, is].every(({ length }) => length > 0 && length <= SHORT);
  return [
    el("p", isShort ? say("lab.hashBecame", { count, was: el("bdi", shown(was)), is: el("bdi", shown(is)) }) : say("lab.hashChangedWhy", { count })),
    el("p.small", say("lab.hashBefore", { text: el("bdi.said", before ? shown(before.slice(0, MOST_BEFORE)) : t("who.empty")) })),
  ];
}
