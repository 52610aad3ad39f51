// Reads JSON as Python's json does, and keeps what JavaScript would lose: how a number is written, and the text of an object.

/** The text of an object or list, as it is in the source. */
export const SOURCE = Symbol("source");

/** A number that keeps its spelling: `5`, `5.0` and `12345678901234567890` stay three values. */
export class Numeral {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /** Whether Python reads an integer. */
  get isInteger() {
    return /^-?\d+$/.test(this.text);
  }

  toString() {
    return this.text;
  }
}

const NUMBER = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)|NaN/y;
const PLAIN = /[^"\\]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES = /** @type {Record<string, string>} */ ({
  '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t",
});
const WORDS = /** @type {[string, boolean | null][]} */ ([["true", true], ["false", false], ["null", null]]);
const MAX_DEPTH = 500;

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.depth = 0;
  }

  /** @param {RegExp} pattern */
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found ? found[0] : null;
  }

  /** @param {string} mark */
  take(mark) {
    this.match(SPACE);
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  /** @param {string} mark */
  expect(mark) {
    if (!this.take(mark)) throw this.fault(`expected ${mark}`);
  }

  /** @param {string} what */
  fault(what) {
    return new SyntaxError(`${what} at character ${this.at + 1}`);
  }

  /** @returns {any} */
  value() {
    this.match(SPACE);
    const mark = this.text[this.at];
    if (mark === '"') return this.string();
    if (mark === "{" || mark === "[") return this.nested(mark);
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = this.match(NUMBER);
    if (number === null) throw this.fault("expected a value");
    return new Numeral(number);
  }

  /** @param {"{" | "["} mark */
  nested(mark) {
    const start = this.at;
    if (++this.depth > MAX_DEPTH) throw this.fault("nested too deeply");
    this.at += 1;
    const value = mark === "{" ? this.members() : this.items();
    this.depth -= 1;
    Object.defineProperty(value, SOURCE, { value: this.text.slice(start, this.at) });
    return value;
  }

  members() {
    const object = Object.create(null);
    if (this.take("}")) return object;
    do {
      this.match(SPACE);
      const name = this.string();
      this.expect(":");
      object[name] = this.value();
    } while (this.take(","));
    this.expect("}");
    return object;
  }

  items() {
    /** @type {any[]} */
    const list = [];
    if (this.take("]")) return list;
    do list.push(this.value());
    while (this.take(","));
    this.expect("]");
    return list;
  }

  string() {
    if (this.text[this.at] !== '"') throw this.fault("expected a text");
    this.at += 1;
    let value = "";
    for (;;) {
      value += this.match(PLAIN);
      const mark = this.text[this.at++];
      if (mark === '"') return value;
      if (mark === undefined) throw this.fault("a text does not end");
      value += this.escape();
    }
  }

  escape() {
    const mark = this.text[this.at++];
    if (mark === "u") {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fault("expected four hex digits");
      this.at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (!Object.hasOwn(ESCAPES, mark)) throw this.fault("unknown escape");
    return ESCAPES[mark];
  }
}

/**
 * Reads one JSON value. Numbers become `Numeral`; objects have no prototype and, like lists, keep their `SOURCE`.
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError} if the text is not JSON as Python reads it
 */
export function read(text) {
  const reader = new Reader(text);
  const value = reader.value();
  reader.match(SPACE);
  if (reader.at < text.length) throw reader.fault("expected the end");
  return value;
}

/**
 * The value of a numeral, rounded as JavaScript does; NaN for anything else.
 * @param {any} value
 */
export function toNumber(value) {
  return value instanceof Numeral ? Number(value.text) : NaN;
}

/** Like `toNumber`, but null if the value is not a numeral. @param {any} value */
export const toNumberOrNull = (value) => (value instanceof Numeral ? toNumber(value) : null);
