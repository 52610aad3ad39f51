// What is shown in the place of a block or an address that does not exist.
import { el } from "../dom/el.js";
import { say, t } from "../texts/texts.js";

/** The longest part of a name that is shown. */
const MOST = 100;

/**
 * @param {string} name what was looked for @param {...import("../dom/el.js").Child} more
 * @returns {import("../shell/router.js").Shown}
 */
export function missing(name, ...more) {
  const node = el("div.stack", el("h1", t("nav.find")), el("div.empty",
    el("b", say("find.nothing", { query: el("bdi.said", name.slice(0, MOST)) })), el("span.muted.small", t("find.what")), ...more));
  return { title: t("nav.find"), node };
}
