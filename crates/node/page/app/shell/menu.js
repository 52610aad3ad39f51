// The menu: theme, language, single-letter keys, and what the owner alone may do.
import { el, replace } from "../dom/el.js";
import { icon } from "../dom/icons.js";
import { hasToken, post } from "../node/client.js";
import { status } from "../node/status.js";
import { refusal } from "../parts/refusal.js";
import { askForToken } from "../parts/token.js";
import { notice } from "../parts/verdict.js";
import { keep, kept } from "../texts/kept.js";
import { chooseLanguage, language, t } from "../texts/texts.js";
import { showKeys } from "./keyList.js";
import { chooseTheme } from "./theme.js";

/** @param {import("../dom/scope.js").Scope} scope */
export function menuButton(scope) {
  const panel = el("div.menu-panel.panel.stack-s", { id: "menu", hidden: true });
  const button = el("button.btn.btn-bare.btn-i.menu", {
    type: "button", "aria-label": t("menu.label"), "aria-expanded": "false", "aria-controls": "menu",
    onclick: () => toggle(panel.hidden),
  }, icon("menu"));
  /** @param {boolean} open */
  function toggle(open) {
    if (open) replace(panel, ...rows());
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }
  const box = el("div.menu-box", button, panel);
  scope.listen(document, "click", (event) => box.contains(event.target) || event.target.isConnected === false || toggle(false));
  scope.listen(box, "keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    toggle(false);
    button.focus();
  });
  return box;
}

function rows() {
  return [
    row("menu.theme", choice("menu.theme", kept("theme") ?? "system", [["system", t("menu.system")], ["light", t("menu.light")], ["dark", t("menu.dark")]], chooseTheme)),
    row("menu.language", choice("menu.language", language, [["en", "English"], ["zh", "中文"]], chooseTongue)),
    row("menu.keys", choice("menu.keys", kept("keys") ?? "on", [["on", t("menu.on")], ["off", t("menu.off")]], (value) => keep("keys", value)),
      el("button.btn.btn-bare.btn-s", { type: "button", onclick: showKeys }, t("menu.allKeys"))),
    el("hr"),
    ...owner(),
  ];
}

/** @param {string} key @param {...Node} parts */
const row = (key, ...parts) => el("div.row", el("span.small.strong.menu-l", t(key)), ...parts);

/**
 * @param {string} key @param {string} now @param {[string, string][]} options @param {(value: string) => void} choose
 */
function choice(key, now, options, choose) {
  const group = el("div.seg", { role: "group", "aria-label": t(key) });
  const draw = (/** @type {string} */ chosen) => replace(group, ...options.map(([value, words]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), onclick: () => {
      draw(value);
      choose(value);
    } }, words)));
  draw(now);
  return group;
}

/** @param {string} tongue */
async function chooseTongue(tongue) {
  await chooseLanguage(/** @type {"en" | "zh"} */ (tongue));
  dispatchEvent(new Event("languagechange-here"));
}

function owner() {
  const answer = el("div");
  const tokenRow = el("button.btn.btn-s", { type: "button", onclick: askForToken }, icon("key"), " ", t(hasToken() ? "owner.otherToken" : "owner.token"));
  if (!status?.owner) return [row("menu.owner", tokenRow)];
  const secret = el("button.btn.btn-s", { type: "button", onclick: () => printSecret(answer) }, t("menu.secret"));
  return [row("menu.owner", secret, el("a.btn.btn-s", { href: "/class" }, t("class.title"))), answer];
}

/** @param {HTMLElement} answer */
async function printSecret(answer) {
  try {
    await post("/secret");
    replace(answer, notice("ok", t("menu.secretDone")));
  } catch (error) {
    replace(answer, refusal(error, "owner.secret"));
  }
}
