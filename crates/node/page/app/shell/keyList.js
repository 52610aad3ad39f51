// The list of keyboard shortcuts.
import { ask } from "../dom/dialog.js";
import { el } from "../dom/el.js";
import { t } from "../texts/texts.js";

/** @type {[string[], string][]} */
const KEYS = [
  [["/"], "keys.find"], [["m"], "keys.mine"], [["Esc"], "keys.escape"], [["g", "c"], "nav.chain"], [["g", "p"], "nav.pay"],
  [["g", "n"], "nav.network"], [["g", "l"], "nav.lab"], [["j", "k"], "keys.rows"], [["Enter"], "keys.open"],
  [["←", "→"], "keys.neighbours"], [["y"], "keys.copy"], [["t"], "keys.theme"], [["?"], "keys.list"],
];

export function showKeys() {
  const rows = KEYS.flatMap(([keys, words]) => [el("dt", keys.map((key) => [el("kbd", key), " "])), el("dd", t(words))]);
  ask(t("menu.allKeys"), [el("dl.facts", rows)]);
}
