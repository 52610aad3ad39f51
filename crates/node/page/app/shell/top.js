// The top bar: mark, views, search, mine, menu; and the tabs of a phone.
import { el, replace } from "../dom/el.js";
import { icon } from "../dom/icons.js";
import { on } from "../node/bus.js";
import { cancel, mine, mining } from "../node/mining.js";
import { status } from "../node/status.js";
import { precise } from "../parts/figures.js";
import { t } from "../texts/texts.js";
import { findForm } from "./find.js";
import { menuButton } from "./menu.js";

/** @type {[string, string, import("../dom/icons.js").Icon][]} */
const VIEWS = [["", "nav.chain", "chain"], ["pay", "nav.pay", "pay"], ["network", "nav.network", "network"], ["lab", "nav.lab", "lab"]];
/** The view that another belongs to. @type {Record<string, string>} */
const UNDER = { block: "", address: "", find: "find" };

/** @param {string} name */
const target = (name) => (name === "lab" ? "#/lab/hash" : `#/${name}`);

/**
 * @param {import("../dom/scope.js").Scope} scope
 * @returns {{header: HTMLElement, tabs: HTMLElement, changed: (name: string) => void}}
 */
export function topBar(scope) {
  const nav = el("nav.nav", { "aria-label": t("nav.main") },
    VIEWS.map(([name, key]) => el("a", { href: target(name), "data-view": name }, t(key))), el("a", { href: "/docs" }, t("nav.api")));
  const tabs = el("nav.tabs", { "aria-label": t("nav.phone") },
    VIEWS.map(([name, key, picture]) => el("a", { href: target(name), "data-view": name }, icon(picture), t(key))),
    el("a", { href: "#/find", "data-view": "find" }, icon("find"), t("nav.find")));
  const act = el("div.row");
  let view = "";
  const header = el("header.top", el("div.top-in", brand(), nav, findForm(scope), el("div.row.push", act, menuButton(scope))));
  const draw = () => replace(act, ...action(view));
  on(scope, "mining-state", draw);
  on(scope, "status", draw);
  return { header, tabs, changed(name) {
    view = name;
    mark(UNDER[name] ?? name, nav, tabs);
    draw();
  } };
}

const brand = () =>
  el("a.brand", { href: "#/" }, el("span.zeros.tiny", { "aria-hidden": "true" }, [1, 2, 3, 4].map(() => el("b", "0"))), " Ledger");

/** @param {string} name @param {...HTMLElement} lists */
function mark(name, ...lists) {
  for (const link of lists.flatMap((list) => [...list.querySelectorAll("a[data-view]")])) {
    if (link.getAttribute("data-view") === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** The right end of the bar: mine, cancel, or why this page cannot mine. @param {string} view */
function action(view) {
  if (mining.asked) return [el("button.btn.btn-s", { type: "button", onclick: cancel }, t("mine.cancelTop", { ratio: ratio() }))];
  if (view === "lab") return [el("span.tag.lab-tag", t("lab.untouched"))];
  if (status && !status.owner) return [el("span.tag", icon("lock"), t("owner.looking"))];
  if (view === "") return [];
  return [el("button.btn.btn-work", { type: "button", onclick: mineHere }, t("mine.button"))];
}

function mineHere() {
  if (location.hash !== "#/") location.hash = "#/";
  mine();
}

function ratio() {
  return mining.progress ? precise(mining.progress.tries / mining.progress.expected) : "0";
}
