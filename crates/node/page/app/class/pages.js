// Pages of the class board. If a class does not fit one screen, the pages turn by themselves or by keys.

/** The most tiles on a screen of six columns, and of eight. */
const FEW = 30, MOST = 56;
const TURN_MS = 15_000;

/** @typedef {{first: number, end: number, page: number, count: number, wide: boolean}} Page tiles from `first`, without `end` */

/**
 * @param {import("../dom/scope.js").Scope} scope @param {() => void} turned
 * @returns {{of: (seats: number) => Page}}
 */
export function turning(scope, turned) {
  let page = 0, count = 1;
  const turn = (/** @type {number} */ by) => {
    if (count < 2) return;
    page = (page + by + count) % count;
    turned();
  };
  scope.every(TURN_MS, () => matchMedia("(prefers-reduced-motion: reduce)").matches || turn(1));
  scope.listen(document, "keydown", ({ key }) => {
    if (key === "ArrowRight" || key === "PageDown") turn(1);
    if (key === "ArrowLeft" || key === "PageUp") turn(-1);
  });
  return { of(seats) {
    count = Math.max(1, Math.ceil(seats / MOST));
    page = Math.min(page, count - 1);
    const first = page * MOST;
    return { first, end: first + MOST, page, count, wide: seats > FEW };
  } };
}
