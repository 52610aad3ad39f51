// Three charts over the newest blocks: tries, seconds between blocks, payments.
import { paymentsOf } from "../../core/block.js";
import { el, replace } from "../../dom/el.js";
import { range } from "../../node/blocks.js";
import { on } from "../../node/bus.js";
import { current, expectedTries } from "../../node/status.js";
import { chart } from "../../parts/chart.js";
import { figure, median, precise } from "../../parts/figures.js";
import { say, t } from "../../texts/texts.js";
import { triesOf } from "./row.js";

/** Blocks in a chart. */
const SHOWN = 48;
const LEAST = 3;
const REST_MS = 1000;

/** @typedef {import("../../core/block.js").Block} Block */
/** @typedef {{key: string, of: (block: Block, previous: Block) => number, note: (values: number[]) => any, expected?: () => number}} Kind */

/** @type {Kind[]} */
const KINDS = [
  {
    key: "tries", of: (block) => Number(triesOf(block.proof)), expected: () => expectedTries(current().difficulty),
    note: (values) => say("chart.triesNote", {
      median: Math.round(median(values)), expected: el("span.key-ex", t("chart.expected")), n: expectedTries(current().difficulty),
    }),
  },
  { key: "seconds", of: (block, previous) => Math.max(0, block.time - previous.time) || 0, note: (values) => say("chart.secondsNote", { median: precise(median(values)) }) },
  {
    key: "payments", of: (block) => paymentsOf(block).length,
    note: (values) => say("chart.paymentsNote", { n: values.reduce((sum, value) => sum + value, 0), blocks: values.length }),
  },
];

/** @param {import("../../dom/scope.js").Scope} scope */
export function chartPanels(scope) {
  const panels = KINDS.map((kind) => panel(scope, kind));
  /** @type {number | undefined} */
  let timer;
  const draw = async () => {
    timer = undefined;
    const { height } = current();
    const blocks = height < LEAST ? [] : await range(height - SHOWN, SHOWN + 1).catch(() => []);
    if (scope.isOpen) for (const each of panels) each.draw(blocks);
  };
  const soon = () => (timer ??= setTimeout(draw, REST_MS));
  on(scope, "block", soon);
  on(scope, "reorg", soon);
  on(scope, "missed", soon);
  scope.afterPaint(draw);
  return panels.map(({ node }) => node);
}

/** @param {import("../../dom/scope.js").Scope} scope @param {Kind} kind */
function panel(scope, { key, of, note, expected }) {
  const { box, draw } = chart(scope);
  const words = el("span.push.small.muted");
  const ends = el("div.row.tiny.muted.chart-ends");
  const id = `chart-${key}`;
  const node = el("section.panel", { "aria-labelledby": id, hidden: true },
    el("div.panel-head", el("h2", { id }, t(`chart.${key}`)), words), el("div.panel-body", box, ends));
  return { node, draw(/** @type {Block[]} */ blocks) {
    node.hidden = blocks.length < LEAST;
    if (node.hidden) return;
    const shown = blocks.slice(1);
    const ys = shown.map((block, at) => of(block, blocks[at]));
    replace(words, ...note(ys));
    const [first, last] = [shown[0].index, shown[shown.length - 1].index];
    replace(ends, el("span", t("chart.block"), " ", figure(first)), el("span.push", t("chart.block"), " ", figure(last)));
    draw({ xs: shown.map((block) => block.index), ys, kind: "bars", expected: expected?.() }, t("chart.label", { what: t(`chart.${key}`), first, last }));
  } };
}
