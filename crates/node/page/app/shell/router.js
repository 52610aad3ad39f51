// Shows the view that the fragment names. A browser sends nothing after the # to the node.
import { Scope } from "../dom/scope.js";
import { el } from "../dom/el.js";
import { on } from "../node/bus.js";
import { Silence } from "../node/client.js";
import { status } from "../node/status.js";
import { refusal } from "../parts/refusal.js";
import { t } from "../texts/texts.js";
import * as chain from "../views/chain/chain.js";

/**
 * @typedef {object} Place what a view is given
 * @property {string} name of the view
 * @property {string} rest of the path, decoded
 * @property {URLSearchParams} query
 * @property {Scope} scope open while the view is shown
 *
 * @typedef {{title: string, node: HTMLElement, restored?: () => void}} Shown
 * @typedef {{show: (place: Place) => Promise<Shown> | Shown}} View
 */

/** @type {Record<string, () => Promise<View> | View>} */
const VIEWS = {
  "": () => chain,
  block: () => import("../views/block/block.js"),
  address: () => import("../views/address/address.js"),
  pay: () => import("../views/pay/pay.js"),
  network: () => import("../views/network/network.js"),
  find: () => import("../views/find.js"),
  lab: () => import("../lab/lab.js"),
};

/** @type {Scope | null} */
let scope = null;
let visits = 0;
/** @type {Map<number, number>} */
const scrolls = new Map();
let visit = 0;

/** @returns {{name: string, rest: string, query: URLSearchParams}} */
export function here() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  return { name: name in VIEWS ? name : "", rest: decoded(rest.join("/")), query: new URLSearchParams(query) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Shows the view that the fragment names, now and whenever the fragment changes.
 * @param {(name: string) => void} changed called with the view's name
 */
export function start(changed) {
  history.scrollRestoration = "manual";
  addEventListener("scroll", () => scrolls.set(visit, scrollY), { passive: true });
  addEventListener("hashchange", () => show(changed));
  return show(changed);
}

/** @param {(name: string) => void} changed */
export async function show(changed) {
  scope?.end();
  const mine = (scope = new Scope());
  const back = history.state?.visit !== undefined;
  visit = history.state?.visit ?? ++visits;
  if (!back) history.replaceState({ visit }, "");
  const place = { ...here(), scope: mine };
  changed(place.name);
  const shown = await viewOf(place);
  if (!mine.isOpen) return;
  put(shown);
  scrollTo(0, back ? scrolls.get(visit) ?? 0 : 0);
  shown.restored?.();
}

/** @param {string} name of a view @throws {Silence} if the node does not send its file */
async function moduleOf(name) {
  try {
    return await VIEWS[name]();
  } catch (error) {
    throw new Silence(String(error));
  }
}

/** @param {Place} place @returns {Promise<Shown>} */
async function viewOf(place) {
  try {
    return await (await moduleOf(place.name)).show(place);
  } catch (error) {
    return failed(place, error);
  }
}

/** Shows why there is no view. Tries again at a click, or when the node answers again. @param {Place} place @param {unknown} error @returns {Shown} */
function failed({ scope: shown }, error) {
  const again = () => dispatchEvent(new Event("hashchange"));
  if (error instanceof Silence) on(shown, "feed", ({ state }) => state === "live" && again());
  const button = el("button.btn", { type: "button", onclick: again }, t("refused.again"));
  return { title: t("refused.title"), node: el("div.stack", el("h1.vh", t("refused.title")), refusal(error), el("div", button)) };
}

/** @param {Shown} shown */
function put({ title, node }) {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const first = !main.hasChildNodes();
  main.replaceChildren(node);
  document.title = [title, status?.name, "Ledger"].filter(Boolean).join(" · ");
  const heading = node.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  if (!first) heading?.focus({ preventScroll: true });
}
