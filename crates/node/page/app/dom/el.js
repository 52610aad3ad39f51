// Makes elements. Text only ever goes in as text, so nothing from outside becomes markup.

/** @typedef {Node | string | number | false | null | undefined} Leaf */
/** @typedef {Leaf | Leaf[] | Leaf[][]} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/** @param {any} value @returns {value is Attributes} */
const isAttributes = (value) =>
  typeof value === "object" && value !== null && !(value instanceof Node) && !Array.isArray(value);

/**
 * An element: `el("p.small.muted", {id: "x"}, "text", other)`. A function in the attributes, such as `onclick`, is a listener.
 * @param {string} name tag and classes
 * @param {...(Attributes | Child)} rest
 * @returns {any}
 */
export function el(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return fill(element, rest);
}

/**
 * An SVG element, like `el`.
 * @param {string} name
 * @param {...(Attributes | Child)} rest
 * @returns {any}
 */
export function svg(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  return fill(element, rest);
}

/** @param {Element} element @param {(Attributes | Child)[]} rest */
function fill(element, rest) {
  const [first, ...children] = rest;
  if (isAttributes(first)) set(element, first);
  else children.unshift(/** @type {Child} */ (first));
  element.append(...leaves(/** @type {Child[]} */ (children)));
  return element;
}

/** @param {Element} element @param {Attributes} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function leaves(children) {
  return /** @type {any[]} */ (children)
    .flat(3)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** What can take the focus. */
const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex='0']";

/**
 * Replaces the children of an element. The focus stays on what had it, if that is still there, or moves to its successor.
 * @param {Element} element
 * @param {...Child} children
 */
export function replace(element, ...children) {
  const focused = element.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  const place = focused ? ofKind(element, focused).indexOf(focused) : -1;
  element.replaceChildren(...leaves(children));
  if (!focused || focused === document.activeElement) return;
  const heir = element.contains(focused) ? focused : heirOf(element, focused, place);
  heir?.focus({ preventScroll: true });
}

/** @param {Element} element @param {Element} one @returns {HTMLElement[]} */
const ofKind = (element, one) => [.../** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(one.localName))];

/**
 * The successor of an element that is gone: the one of its kind with the same link, label, id or words, else the one at its
 * position, else the first that can take the focus.
 * @param {Element} element @param {HTMLElement} gone @param {number} place its position among those of its kind
 */
function heirOf(element, gone, place) {
  const kind = ofKind(element, gone);
  const all = [kind.find((each) => calledAs(each) === calledAs(gone)), kind[place], ...element.querySelectorAll(FOCUSABLE)];
  return /** @type {HTMLElement | undefined} */ (all.find((each) => each?.matches(FOCUSABLE)));
}

/** @param {Element} element */
const calledAs = (element) => element.getAttribute("href") ?? element.getAttribute("aria-label") ?? (element.id || element.textContent);

/**
 * Makes these the children of an element, in this order. Those already in place are not moved, so they keep focus and selection.
 * @param {Element} element @param {Element[]} wanted
 */
export function arrange(element, wanted) {
  const stay = new Set(wanted);
  for (const child of [...element.children]) if (!stay.has(child)) child.remove();
  let next = element.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else element.insertBefore(child, next);
  }
}

let last = 0;

/** A new id, to tie a label to its field. */
export const freshId = () => `x${++last}`;
