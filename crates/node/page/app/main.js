// The page: reads the node's status, draws the shell, opens the feed, and shows the view that the fragment names.
import { el } from "./dom/el.js";
import { Scope } from "./dom/scope.js";
import * as feed from "./node/feed.js";
import { follow } from "./node/mining.js";
import { noteAddress } from "./node/who/seen.js";
import { refresh } from "./node/status.js";
import { refusal } from "./parts/refusal.js";
import { tick } from "./parts/time.js";
import { announcer } from "./shell/announce.js";
import * as keys from "./shell/keys.js";
import { notices } from "./shell/notices.js";
import * as router from "./shell/router.js";
import { strip } from "./shell/strip.js";
import { topBar } from "./shell/top.js";
import { loadLanguage, t } from "./texts/texts.js";

let shell = new Scope();

/** Draws the frame around the views. Returns the function that marks the current one. */
function frame() {
  shell.end();
  shell = new Scope();
  const { header, tabs, changed } = topBar(shell);
  const skip = el("a.skip", { href: "#main", onclick: skipTo }, t("nav.skip"));
  document.body.replaceChildren(skip, header, strip(shell), notices(shell), el("main.page", { id: "main" }), tabs, announcer(shell));
  return changed;
}

/** Moves the focus without changing the fragment, which names the view. @param {Event} event */
function skipTo(event) {
  event.preventDefault();
  const heading = /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
  heading?.focus();
}

async function begin() {
  await loadLanguage();
  try {
    noteAddress((await refresh()).address);
  } catch (error) {
    const again = el("button.btn", { type: "button", onclick: () => location.reload() }, t("refused.again"));
    return document.body.replaceChildren(el("main.page.stack", el("h1", "Ledger"), refusal(error), again));
  }
  let changed = frame();
  follow();
  feed.start();
  keys.start();
  setInterval(tick, 1000);
  addEventListener("languagechange-here", () => {
    changed = frame();
    router.show((name) => changed(name));
  });
  return router.start((name) => changed(name));
}

begin();
