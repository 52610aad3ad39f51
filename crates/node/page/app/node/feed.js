// The live feed: one EventSource, open only while the page is visible, and reopened when the connection drops.
import { read, toNumber } from "../core/json.js";
import { forgetAll, forgetFrom } from "./blocks.js";
import { publish } from "./bus.js";
import { settle, soon } from "./pace.js";
import { amend, refresh, status } from "./status.js";

/** @typedef {"live" | "stale" | "paused" | "gone" | "connecting"} State */

const WAITS = [1, 2, 4, 8, 15];
const HIDDEN_SECONDS = 5;
const SILENT_SECONDS = 40;
const GONE_SECONDS = 60;

export const feed = {
  /** @type {State} */
  state: "connecting",
  /** When the node was last heard, in Unix seconds of this device. */
  heard: Date.now() / 1000,
  /** When the page tries again, in Unix seconds of this device. */
  next: 0,
};

/** @type {EventSource | null} */
let source = null;
let last = "";
let tries = 0;
/** @type {number | undefined} */
let retry;
/** @type {number | undefined} */
let hiding;
/** The height when the feed was lost, 0 if it was not. */
let lostAt = 0;

/** @param {State} state */
function become(state) {
  if (feed.state === state && state !== "stale") return;
  feed.state = state;
  publish("feed", feed);
}

/** Opens the feed, and keeps it open while the page is visible. */
export function start() {
  document.addEventListener("visibilitychange", visibility);
  // A page kept for "back" would keep its connection, and a browser has only six per host.
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => event.persisted && tryNow());
  setInterval(watch, 1000);
  if (!document.hidden) open();
}

function open() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`/events${last ? `?after=${encodeURIComponent(last)}` : ""}`);
  for (const [name, act] of Object.entries(EVENTS)) {
    source.addEventListener(name, (event) => {
      heard(event);
      act(read(event.data));
    });
  }
  source.onerror = dropped;
}

/** @param {MessageEvent} event */
function heard(event) {
  feed.heard = Date.now() / 1000;
  if (event.lastEventId) last = event.lastEventId;
  tries = 0;
  become("live");
}

function dropped() {
  source?.close();
  source = null;
  if (document.hidden) return;
  lostAt ||= status?.height ?? 0;
  const wait = WAITS[Math.min(tries++, WAITS.length - 1)] * (0.8 + 0.4 * Math.random());
  feed.next = Date.now() / 1000 + wait;
  become("stale");
  clearTimeout(retry);
  retry = setTimeout(open, wait * 1000);
}

/** Connects at once. */
export function tryNow() {
  tries = 0;
  open();
}

function watch() {
  if (feed.state === "paused" || document.hidden) return;
  const silent = Date.now() / 1000 - feed.heard;
  if (source && silent > SILENT_SECONDS) dropped();
  if (!source) become(silent > GONE_SECONDS ? "gone" : "stale");
}

function visibility() {
  clearTimeout(hiding);
  if (document.hidden) hiding = setTimeout(pause, HIDDEN_SECONDS * 1000);
  else if (!source) tryNow();
}

function pause() {
  lostAt ||= status?.height ?? 0;
  clearTimeout(retry);
  source?.close();
  source = null;
  become("paused");
}

/** Reads the status again, after events were missed. */
async function catchUp() {
  forgetAll();
  const known = await refresh().catch(() => null);
  if (!known) return;
  const came = lostAt ? known.height - lostAt : 0;
  lostAt = 0;
  publish("missed", { came, height: known.height });
}

/** Takes over the state that each event of a change includes. @param {any} data */
function takeOver(data) {
  amend({ height: toNumber(data.height), tip: data.hash, pool: toNumber(data.pool.count), peers: toNumber(data.neighbours) });
}

/** Blocks that are not yet published to the page. */
let untold = 0;

/** @param {any} data @param {import("./bus.js").Topic} topic */
function change(data, topic) {
  soon("state", () => takeOver(data));
  soon(topic, () => publish(topic));
}

/** @type {Record<string, (data: any) => void>} */
const EVENTS = {
  ready(data) {
    settle();
    if (status && data.hash !== status.tip) return void catchUp();
    takeOver(data);
    lostAt = 0;
  },
  block(data) {
    untold += toNumber(data.count);
    change(data, "pool");
    soon("block", () => {
      publish("block", { height: toNumber(data.height), count: untold, origin: data.origin });
      untold = 0;
    });
  },
  reorg(data) {
    settle();
    const fork = toNumber(data.fork);
    const old = forgetFrom(fork + 1);
    takeOver(data);
    const depth = toNumber(data.depth), connected = toNumber(data.connected), returned = toNumber(data.returned);
    publish("reorg", { old, fork, depth, connected, returned });
    publish("pool");
  },
  payment: (data) => change(data, "pool"),
  peers: (data) => change(data, "peers"),
  mining: (data) => publish("mining", data),
  sync: (data) => publish("sync", data),
  reset() {
    settle();
    catchUp();
  },
  ping() {},
};
