// The tree of blocks: what both have, then a branch for each side; on a phone it grows downwards.
import { el, freshId, svg } from "../../dom/el.js";
import { t } from "../../texts/texts.js";
import { hashOf, inWords, paymentsIn } from "../model/sample.js";

/** @typedef {import("../model/sample.js").LabBlock} LabBlock */
/** @typedef {{blocks: LabBlock[], words: string, isOld: boolean, note: string}} Branch */

const BOX = { width: 180, height: 68, step: 220 };
const HEIGHT = 300, MIDDLE = 118, UPPER = 36, LOWER = 200;

/** @param {LabBlock} block */
const content = (block) => paymentsIn(block).map(inWords)[0] ?? t(block.index.text === "1" ? "block.genesis" : "lab.forkNoPayment");

/** @param {LabBlock} block */
const short = (block) => `${hashOf(block).slice(0, 8)}…`;

/** @param {LabBlock[]} common @param {Branch[]} branches none or two */
export function tree(common, branches) {
  const longest = Math.max(0, ...branches.map(({ blocks }) => blocks.length));
  const width = Math.max(900, (common.length + longest) * BOX.step + 40);
  const id = freshId();
  return svg("svg.tree", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-labelledby": id },
    svg("title", { id }, described(common, branches)),
    common.slice(1).map((_, at) => svg("path.e", { d: `M${at * BOX.step + BOX.width} 153H${(at + 1) * BOX.step}` })),
    common.map((block, at) => box(block, at * BOX.step, MIDDLE, false)),
    svg("text.old", { x: 0, y: 216 }, t(branches.some(({ isOld }) => isOld) ? "lab.forkBothHad" : "lab.forkBoth")),
    branches.map((branch, at) => limb(branch, common.length, at === 0 ? UPPER : LOWER, at === 0)));
}

/** @param {Branch} branch @param {number} from @param {number} y @param {boolean} isUpper */
function limb({ blocks, words, isOld, note }, from, y, isUpper) {
  const start = from * BOX.step + 40, middle = y + BOX.height / 2;
  const edge = isOld ? "path.e.e-old" : "path.e";
  const textY = isUpper ? y - 14 : y + BOX.height + 24;
  if (!blocks.length) return svg("g");
  return svg("g",
    svg(edge, { d: `M${start - 80} 153H${start - 40}V${middle}H${start}` }),
    blocks.slice(1).map((_, at) => svg(edge, { d: `M${start + at * BOX.step + BOX.width} ${middle}H${start + (at + 1) * BOX.step}` })),
    blocks.map((block, at) => box(block, start + at * BOX.step, y, isOld)),
    svg(isOld ? "text.old" : "text", { x: start, y: textY, "font-weight": isOld ? 400 : 650 }, words),
    note && svg("text.old", { x: start + blocks.length * BOX.step, y: middle + 5 }, note));
}

/** @param {LabBlock} block @param {number} x @param {number} y @param {boolean} isOld */
const box = (block, x, y, isOld) => svg("g", { transform: `translate(${x} ${y})` },
  svg(isOld ? "rect.nd.nd-old" : "rect.nd", { x: 1, y: 1, width: BOX.width - 2, height: BOX.height, rx: 6 }),
  svg(isOld ? "text.b.old" : "text.b", { x: 14, y: 26 }, block.index.text), svg("text.h", { x: BOX.width - 14, y: 25, "text-anchor": "end" }, short(block)),
  svg(isOld ? "text.old" : "text", { x: 14, y: 54 }, content(block)));

/** @param {LabBlock[]} common @param {Branch[]} branches */
const described = (common, branches) => [t("lab.forkCommon", { n: common.length }), ...branches.map(({ words, blocks, note }) =>
  `${words}: ${blocks.map((block) => block.index.text).join(", ")} ${note}.`)].join(" ");

/** The same tree, growing downwards, for a phone. @param {LabBlock[]} common @param {Branch[]} branches */
export const uprightTree = (common, branches) => el("div.tree-v", { "aria-hidden": "true" }, trunk(common, false),
  branches.length > 0 && el("div.limbs", branches.map(({ blocks, words, isOld, note }) =>
    el("div", el(isOld ? "p.small.muted" : "p.small.strong", words), trunk(blocks, isOld), el("p.small.muted", note)))));

/** @param {LabBlock[]} blocks @param {boolean} isOld */
const trunk = (blocks, isOld) => el("ol.trunk", blocks.map((block) => el(isOld ? "li.twig.twig-old" : "li.twig",
  el("span", el("b", block.index.text), el("span.hex", short(block))), el("span.small", content(block)))));
