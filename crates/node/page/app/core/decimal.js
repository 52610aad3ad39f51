// Sums of amounts without rounding: decimal text in, decimal text out.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,3}))?$/;

/**
 * @typedef {{units: bigint, scale: number}} Decimal units divided by 10^scale
 */

/**
 * @param {string} text
 * @returns {Decimal | null} null if the text is not a decimal number
 */
export function decimal(text) {
  const found = DECIMAL.exec(text);
  if (!found) return null;
  const [, sign, whole, fraction = "", power = "0"] = found;
  const scale = fraction.length - Number(power);
  const digits = BigInt(sign + whole + fraction);
  return scale < 0 ? { units: digits * 10n ** BigInt(-scale), scale: 0 } : { units: digits, scale };
}

/** @type {Decimal} */
export const ZERO = { units: 0n, scale: 0 };

/** @param {Decimal} left @param {Decimal} right @returns {Decimal} */
export function add(left, right) {
  const scale = Math.max(left.scale, right.scale);
  return { units: at(left, scale) + at(right, scale), scale };
}

/** @param {Decimal} value @returns {Decimal} */
export const negative = (value) => ({ units: -value.units, scale: value.scale });

/** @param {Decimal} value @param {number} scale */
const at = (value, scale) => value.units * 10n ** BigInt(scale - value.scale);

/**
 * The shortest text of a value: `7.25`, `-1`.
 * @param {Decimal} value
 */
export function decimalText(value) {
  const sign = value.units < 0n ? "-" : "";
  const digits = (value.units < 0n ? -value.units : value.units).toString().padStart(value.scale + 1, "0");
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, "");
  return fraction ? `${sign}${whole}.${fraction}` : sign + whole;
}

/** @param {Decimal} value for bars and curves only */
export const decimalNumber = (value) => Number(decimalText(value));
