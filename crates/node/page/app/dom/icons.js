// The icons: one path each, 24 by 24.
import { svg } from "./el.js";

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  left: "M19 12H5M11 6l-6 6 6 6",
  right: "M5 12h14M13 6l6 6-6 6",
  undo: "M8 6L4 10l4 4M4 10h10a5 5 0 0 1 0 10h-3",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  key: "M14 14a5 5 0 1 1 1-1l6 6v2h-3v-2h-2v-2z",
  chain: "M3 8h7v8H3zM14 8h7v8h-7zM10 12h4",
  pay: "M4 12h14M13 6l6 6-6 6",
  network: "M12 7.5V11M9.5 14l-3 2.5M14.5 14l3 2.5M9.6 5.2a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0M2.6 18.2a2.4 2.4 0 1 0 4.8 0 " +
    "2.4 2.4 0 1 0-4.8 0M16.6 18.2a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0",
  lab: "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M8 15h8",
  find: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L21 21",
};

/** @typedef {keyof typeof PATHS} Icon */

/** @param {Icon} name */
export const icon = (name) => svg("svg.ic", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
