// What changed in a text: the piece between a common beginning and a common end.

/**
 * Splits two texts into a common start, the pieces that differ, and a common end, by whole characters.
 * @param {string} one @param {string} other
 * @returns {{start: string, was: string, is: string, end: string}} start and end are common
 */
export function difference(one, other) {
  const [was, is] = [[...one], [...other]];
  const most = Math.min(was.length, is.length);
  let first = 0, last = 0;
  while (first < most && was[first] === is[first]) first++;
  while (last < most - first && was[was.length - 1 - last] === is[is.length - 1 - last]) last++;
  const middle = (/** @type {string[]} */ all) => all.slice(first, all.length - last).join("");
  return { start: is.slice(0, first).join(""), was: middle(was), is: middle(is), end: is.slice(is.length - last).join("") };
}
