// Lab 5: only the secret signs, everyone can check.
import { fromBase64 } from "../../core/address.js";
import { bytes, hex, md5Bytes } from "../../core/hash.js";
import { addressOfKey, digestIn, opened } from "../../core/rsa.js";
import { el, replace } from "../../dom/el.js";
import { makeKey, sign } from "../../node/keys.js";
import { changed, chip } from "../../parts/code.js";
import { refusal } from "../../parts/refusal.js";
import { notice } from "../../parts/verdict.js";
import { picture } from "../../parts/who/picture.js";
import { say, t } from "../../texts/texts.js";
import { sampleKey } from "../model/sampleKey.js";

/** @param {import("../lab.js").Lab} lab */
export function build(lab) {
  const page = new KeysLab(lab);
  lab.saved(() => ({ r: page.recipient.value, a: page.amount.value }));
  page.draw();
  return [el("div.cols-even", page.signing(), page.checking())];
}

class KeysLab {
  /** @param {import("../lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.key = sampleKey();
    this.isSample = true;
    /** What was signed last. @type {{recipient: string, amount: string} | null} */
    this.signed = null;
    this.hasFitted = false;
    this.recipient = input("k2", lab.state?.r ?? "bob", () => this.draw());
    this.amount = input("k3", lab.state?.a ?? "5", () => this.draw());
    this.signature = el("textarea.mono", { id: "k5", rows: 5, spellcheck: "false", oninput: () => this.draw() });
    this.who = el("div.row");
    this.message = el("div.code", { tabindex: 0, role: "region", "aria-label": t("signed.message") });
    this.button = el("button.btn.btn-main", { type: "button", onclick: () => this.sign() });
    this.hint = el("span.small.muted");
    this.result = el("div.stack-s");
  }

  get address() {
    return addressOfKey(this.key);
  }

  get text() {
    return this.address + this.recipient.value + this.amount.value;
  }

  signing() {
    return el("section.panel", { "aria-labelledby": "k1" }, el("div.panel-head", el("h2", { id: "k1" }, t("sign.title")), el("span.push.small.muted", t("lab.keysSecret"))),
      el("div.panel-body.stack-s", this.who,
        el("div.form-2", el("div", el("label", { for: "k2" }, t("lab.keysRecipient")), this.recipient), el("div", el("label", { for: "k3" }, t("pay.amount")), this.amount)),
        this.message, el("div.row", this.button, this.hint)));
  }

  checking() {
    return el("section.panel", { "aria-labelledby": "k4" }, el("div.panel-head", el("h2", { id: "k4" }, t("lab.keysCheck")), el("span.push.small.muted", t("lab.keysAddress"))),
      el("div.panel-body.stack-s", el("div", el("label", { for: "k5" }, t("lab.keysSignature")), this.signature), this.result));
  }

  async sign() {
    try {
      this.signature.value = await sign(this.text, this.key, this.lab.scope.signal);
      this.signed = { recipient: this.recipient.value, amount: this.amount.value };
    } catch (error) {
      if (this.lab.scope.isOpen) replace(this.result, refusal(error));
      return;
    }
    this.draw();
  }

  async makeOwn() {
    const making = new AbortController();
    this.lab.scope.onEnd(() => making.abort());
    replace(this.who, el("span", { role: "status" }, t("key.making")),
      el("button.btn.btn-s.push", { type: "button", onclick: () => making.abort() }, t("mine.cancel")));
    try {
      this.key = await makeKey(making.signal);
      Object.assign(this, { isSample: false, signed: null });
      this.signature.value = "";
    } catch (error) {
      if (!making.signal.aborted) throw error;
    }
    this.draw();
  }

  draw() {
    replace(this.who, el("span.who", picture(this.address, "m"), el("span", el("b", t(this.isSample ? "lab.keysSample" : "key.yours")), el("br"),
      el("span.small.muted", t(this.isSample ? "lab.keysEveryone" : "key.memory")))),
    el("button.btn.btn-s.push", { type: "button", onclick: () => this.makeOwn() }, t("lab.keysOwn")));
    replace(this.message, chip(this.address, this.isSample ? t("lab.keysSample") : ""), ...this.parts());
    replace(this.button, t(this.signed ? "lab.keysAgain" : "sign.button"));
    replace(this.hint, this.signed && this.differs() ? say("lab.keysOld", this.signed) : "");
    replace(this.result, ...this.check());
  }

  /** Recipient and amount, with what differs from the signed ones marked. */
  parts() {
    const { signed } = this;
    const piece = (/** @type {string} */ now, /** @type {string | undefined} */ then) => changed(then ?? now, now);
    return [...piece(this.recipient.value, signed?.recipient), ...piece(this.amount.value, signed?.amount)];
  }

  differs() {
    return this.signed !== null && (this.signed.recipient !== this.recipient.value || this.signed.amount !== this.amount.value);
  }

  check() {
    const text = this.signature.value.trim();
    if (!text) return [notice("none", t("lab.keysNone"))];
    const data = fromBase64(text.replace(/\s/g, ""));
    if (!data) return [notice("bad", t("lab.keysNoBase64"))];
    const inside = digestIn(opened(data, this.key));
    const wanted = hex(md5Bytes(bytes(this.text)));
    const fits = inside === wanted;
    if (fits) this.hasFitted = true;
    else if (this.hasFitted && this.differs()) this.lab.solve(t("lab.keysSolved"));
    return [sides(inside, wanted, fits), fits ? notice("ok", t("lab.keysFits"), el("span.muted", t("lab.keysFitsMore"))) : this.unfit()];
  }

  unfit() {
    const { signed } = this;
    const why = signed && signed.recipient !== this.recipient.value ? t("lab.keysWho", { was: signed.recipient, is: this.recipient.value })
      : signed && signed.amount !== this.amount.value ? t("lab.keysHowMuch", { was: signed.amount, is: this.amount.value }) : t("lab.keysOther");
    return notice("bad", t("lab.keysUnfit"), el("span.muted", why), el("p.tiny.muted", t("lab.keysNode"), " ", el("span.said", "Signature verification failure")));
  }
}

/** @param {string} id @param {any} value @param {() => void} changed @returns {HTMLInputElement} */
function input(id, value, changed) {
  const field = el("input.mono", { id, autocomplete: "off", spellcheck: "false", oninput: changed });
  field.value = String(value).slice(0, 600);
  return field;
}

/** @param {string} digits */
const number = (digits) => el("span.hex.hex-full", (digits.match(/.{1,8}/g) ?? []).map((group) => el("span", group)));

/** @param {string | null} inside @param {string} wanted @param {boolean} fits */
const sides = (inside, wanted, fits) => el("div.sides",
  el("span.muted.small", t("lab.keysOpens")), inside ? number(inside) : el("span.muted", t("lab.keysNothing")),
  el("span"), fits ? el("span.eq", { role: "img", "aria-label": t("lab.keysIs") }, "=") : el("span.ne", { role: "img", "aria-label": t("block.isNot") }, "≠"),
  el("span.muted.small", t("lab.keysDigest")), number(wanted));
