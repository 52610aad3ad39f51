// The Lab: pages in an order that teaches, one idea each. This is the frame around them: steps, task, state in the link.
import { el, replace } from "../dom/el.js";
import { icon } from "../dom/icons.js";
import { block } from "../node/blocks.js";
import { copyWords } from "../parts/copyButton.js";
import { symbol } from "../parts/verdict.js";
import { keep, kept } from "../texts/kept.js";
import { t } from "../texts/texts.js";
import { linkTo, stateIn } from "./state.js";

/**
 * @typedef {object} Lab what a page of the Lab is given
 * @property {import("../dom/scope.js").Scope} scope
 * @property {any} state the state in the link, as the page saved it, or null
 * @property {(save: () => any) => void} saved sets the function that returns the page's state, for a link
 * @property {(...words: import("../dom/el.js").Child[]) => void} solve shows the task as solved
 * @property {() => boolean} isSolved whether the task was solved since the page was opened
 * @property {(words: import("../dom/el.js").Child, title?: import("../dom/el.js").Child) => void} setTask shows other words as the task
 *
 * @typedef {{build: (lab: Lab) => import("../dom/el.js").Child[]}} Page
 */

/** @type {[string, () => Promise<Page>][]} */
const PAGES = [
  ["hash", () => import("./hash.js")],
  ["puzzle", () => import("./puzzle/puzzle.js")],
  ["block", () => import("./block/block.js")],
  ["chain", () => import("./chain/chain.js")],
  ["keys", () => import("./keys/keys.js")],
  ["fork", () => import("./fork/fork.js")],
  ["weaknesses", () => import("./weaknesses/weaknesses.js")],
];

const solvedPages = () => new Set((kept("solved") ?? "").split(" ").filter(Boolean));

/** @param {import("../shell/router.js").Place} place */
export async function show({ rest, query, scope }) {
  const at = Math.max(0, PAGES.findIndex(([each]) => each === rest));
  const [name, load] = PAGES[at];
  const page = await load();
  const node = el("div.stack.lab");
  /** @param {any} state */
  const draw = (state) => replace(node, ...frame(scope, page, name, at, state, () => draw(null)));
  draw(await withBlock(stateIn(query.get("s")), scope.signal));
  requestAnimationFrame(() => node.querySelector(".steps [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }));
  return { title: t(`lab.${name}`), node };
}

/**
 * Adds a block's text to a state that names the block by its hash.
 * @param {any} state @param {AbortSignal} signal
 */
async function withBlock(state, signal) {
  if (typeof state?.h !== "string" || !/^[0-9a-f]{64}$/.test(state.h)) return state;
  const found = await block(state.h, signal);
  return { ...state, o: found.text };
}

/**
 * @param {import("../dom/scope.js").Scope} scope @param {Page} page @param {string} name @param {number} at
 * @param {any} state @param {() => void} restart
 */
function frame(scope, page, name, at, state, restart) {
  let save = () => /** @type {any} */ (null);
  let solved = false;
  const task = el("section.task", { "aria-label": t("lab.task"), "aria-live": "polite" });
  const again = () => el("button.btn", { type: "button", onclick: restart }, icon("undo"), " ", t("lab.startOver"));
  const setTask = (/** @type {import("../dom/el.js").Child} */ words, /** @type {import("../dom/el.js").Child} */ title = t("lab.task")) => {
    if (!solved) replace(task, symbol("none"), el("div", el("b", title), el("p", words)), again());
  };
  const solve = (/** @type {import("../dom/el.js").Child[]} */ ...words) => {
    solved = true;
    keep("solved", [...solvedPages().add(name)].join(" "));
    task.classList.add("task-solved");
    replace(task, symbol("ok"), el("div", el("b", t("lab.solved")), el("p", ...words)), nextButton(at, "btn.btn-main") ?? again());
  };
  setTask(t(`lab.${name}Task`));
  const body = page.build({ scope, state, saved: (way) => void (save = way), solve, setTask, isSolved: () => solved });
  const link = copyWords(() => linkTo(name, save()), t("lab.link"));
  return [
    el("div.labtop", steps(name), link),
    el("div", el("h1", t(`lab.${name}Title`)), el("p.lead", t(`lab.${name}Lead`))),
    task, ...body,
    PAGES[at + 1] && el("div.row", el("span.small.muted", t(`lab.${name}Next`)), nextButton(at, "btn.push")),
  ];
}

/** @param {string} here */
function steps(here) {
  const done = solvedPages();
  return el("nav.steps", { "aria-label": t("nav.lab") }, PAGES.map(([name], at) =>
    el("a", { href: `#/lab/${name}`, "aria-current": name === here && "page" },
      el(`span.num${done.has(name) && name !== here ? ".done" : ""}`, done.has(name) && name !== here ? "✓" : at + 1), t(`lab.${name}`),
      done.has(name) && el("span.vh", t("lab.wasSolved")))));
}

/** @param {number} at @param {string} classes */
function nextButton(at, classes) {
  const next = PAGES[at + 1];
  return next ? el(`a.${classes}`, { href: `#/lab/${next[0]}` }, t(`lab.${next[0]}`), " ", icon("right")) : null;
}
