// An address: received − sent = balance, its history with the balance after each payment, a curve, and its text.
import { walletOf } from "../../core/address.js";
import { el, replace } from "../../dom/el.js";
import { on } from "../../node/bus.js";
import { isPaid } from "../../node/find.js";
import { MOST_WALLETS, addressByPrint } from "../../node/who/wallets.js";
import { nameOf } from "../../node/who/names.js";
import { waitingOf } from "../../node/pool.js";
import { current } from "../../node/status.js";
import { copyButton, copyWords } from "../../parts/copyButton.js";
import { fingerprint } from "../../parts/hash.js";
import { shown } from "../../parts/who/foreign.js";
import { picture } from "../../parts/who/picture.js";
import { say, t } from "../../texts/texts.js";
import { missing } from "../missing.js";
import { historyOf } from "./account.js";
import { sections } from "./sections.js";

/** @param {import("../../shell/router.js").Place} place */
export async function show({ rest, scope }) {
  const isPrint = /^[0-9a-f]{16}$/.test(rest);
  const found = isPrint ? await addressByPrint(rest, scope.signal) : rest;
  // The digits of a fingerprint may also be a text that was paid.
  if (found === undefined && !(await isPaid(rest, scope.signal))) return missing(rest, el("span.muted.small", say("find.wallets", { n: MOST_WALLETS })));
  const address = found ?? rest;
  const body = el("div.stack");
  const waiting = el("span");
  const draw = async () => {
    const account = await historyOf(address, scope.signal);
    if (scope.isOpen) replace(body, ...sections(scope, account, waiting));
  };
  const drawWaiting = async () => {
    const n = await waitingOf(address).catch(() => 0);
    replace(waiting, ...(n ? say("address.waiting", { n }) : [t("address.noneWait")]));
  };
  await Promise.all([draw(), drawWaiting()]);
  const again = () => draw().catch(() => {});
  for (const topic of /** @type {const} */ (["block", "reorg", "missed"])) on(scope, topic, again);
  for (const topic of /** @type {const} */ (["pool", "missed"])) on(scope, topic, drawWaiting);
  return { title: titleOf(address), node: el("div.stack", head(address), body) };
}

/** @param {string} address */
function titleOf(address) {
  const wallet = walletOf(address);
  return wallet ? nameOf(wallet.fingerprint) ?? wallet.fingerprint : address.slice(0, 40) || t("who.empty");
}

/** @param {string} address */
function head(address) {
  const wallet = walletOf(address);
  const title = el("h1.foreign", el("bdi", shown(titleOf(address))));
  const buttons = el("div.row.push",
    el("a.btn", { href: `#/pay?to=${encodeURIComponent(wallet?.fingerprint ?? address)}` }, t("address.pay")),
    copyWords(() => address, t("copy.address"), "btn"));
  const under = wallet ? print(wallet.fingerprint) : el("p.muted", t("who.text"));
  return el("div.row", picture(address, "l"), el("div.head-words", title, under), buttons);
}

/** @param {string} digits */
const print = (digits) => el("p.muted",
  digits === current().fingerprint ? t("address.own") : t("address.wallet"), " · ", t("address.fingerprint"), " ", fingerprint(digits), " ",
  copyButton(digits, t("copy.fingerprint")));
