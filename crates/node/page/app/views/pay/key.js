// Step 1: the key. It is made here or pasted, and never leaves the page.
import { walletOf } from "../../core/address.js";
import { privatePem } from "../../core/rsa.js";
import { NoSecret, readSecret } from "../../core/secret.js";
import { el, freshId, replace } from "../../dom/el.js";
import { makeKey, own, useKey } from "../../node/keys.js";
import { noteAddress } from "../../node/who/seen.js";
import { nameOf } from "../../node/who/names.js";
import { fingerprint } from "../../parts/hash.js";
import { refusal } from "../../parts/refusal.js";
import { symbol } from "../../parts/verdict.js";
import { picture } from "../../parts/who/picture.js";
import { t } from "../../texts/texts.js";
import { step } from "./step.js";

/** @param {import("../../dom/scope.js").Scope} scope @param {import("./draft.js").Draft} draft */
export function keyPanel(scope, draft) {
  const body = el("div.panel-body.stack-s");
  const kinds = el("div.seg", { role: "group", "aria-label": t("key.source") });
  let paste = false;
  const take = (/** @type {import("../../core/rsa.js").Key | null} */ key) => {
    useKey(key);
    if (own) noteAddress(own.address);
    draw();
    draft.changed();
  };
  const draw = () => {
    replace(kinds, ...[false, true].map((kind) => el("button", {
      type: "button", "aria-pressed": String(kind === paste), onclick: () => {
        paste = kind;
        if (own) take(null);
        else draw();
      },
    }, t(kind ? "key.paste" : "key.make"))));
    replace(body, own ? held(take) : paste ? pasting(take) : making(scope, take));
  };
  draw();
  return step(1, "key.title", kinds, body);
}

/** @param {(key: null) => void} take */
function held(take) {
  const { address, key } = /** @type {NonNullable<typeof own>} */ (own);
  const print = walletOf(address)?.fingerprint ?? "";
  return el("div.row", el("span.who", picture(address, "m"), el("span", el("b", nameOf(print) ?? t("key.yours")), el("br"), el("span.faint", fingerprint(print)))),
    el("span.small.muted", t("key.memory")),
    el("div.row.push",
      el("button.btn.btn-s", { type: "button", onclick: () => save(privatePem(key)) }, t("key.save")),
      el("button.btn.btn-s", { type: "button", onclick: () => take(null) }, t("key.forget"))));
}

/** @param {string} text */
function save(text) {
  const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/x-pem-file" }));
  el("a", { href: url, download: "wallet.pem" }).click();
  URL.revokeObjectURL(url);
}

/** @param {(key: import("../../core/rsa.js").Key) => void} take */
function pasting(take) {
  const id = freshId();
  const error = el("p.field-error", { id: `${id}-e`, role: "alert", hidden: true });
  const field = el("textarea.mono", { id, rows: 3, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-h ${id}-e`, oninput: () => {
    try {
      take(readSecret(field.value));
    } catch (problem) {
      if (!(problem instanceof NoSecret)) throw problem;
      field.setAttribute("aria-invalid", "true");
      error.hidden = false;
      replace(error, symbol("bad"), el("span", t(problem.key)));
    }
  } });
  return el("div", el("label", { for: id }, t("key.secret")), field, error, el("p.hint", { id: `${id}-h` }, t("key.secretHint")));
}

/** @param {import("../../dom/scope.js").Scope} scope @param {(key: import("../../core/rsa.js").Key) => void} take */
function making(scope, take) {
  const box = el("div.stack-s");
  const idle = () => replace(box, el("div.row", el("button.btn.btn-main", { type: "button", onclick: start }, t("key.makeOne")), el("span.small.muted", t("key.makeHint"))));
  const start = async () => {
    const making = new AbortController();
    scope.onEnd(() => making.abort());
    replace(box, el("div.row", { role: "status" }, el("span", t("key.making")), el("button.btn.btn-s", { type: "button", onclick: () => making.abort() }, t("mine.cancel"))));
    try {
      take(await makeKey(making.signal));
    } catch (problem) {
      idle();
      if (!making.signal.aborted) box.append(refusal(problem));
    }
  };
  idle();
  return box;
}
