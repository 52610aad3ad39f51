// Asks the node. Answers are read without loss; a refusal keeps the node's sentence word for word.
import { read } from "../core/json.js";

/** The node answered, and refused. */
export class Refusal extends Error {
  /** @param {number} status @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
    this.sentence = sentence;
  }
}

/** No answer at all: the node is stopped, or the line is cut. */
export class Silence extends Error {}

/** The owner's token, in memory only. */
let token = "";

/** @param {string} text */
export function useToken(text) {
  token = text.trim();
}

export const hasToken = () => token !== "";

/** @typedef {{method?: string, body?: string, signal?: AbortSignal}} Request */

/**
 * The text of an answer.
 * @param {string} path @param {Request} [request]
 * @returns {Promise<string>}
 * @throws {Refusal | Silence | DOMException} the last when it was cancelled
 */
export async function text(path, { method = "GET", body, signal } = {}) {
  const headers = /** @type {Record<string, string>} */ ({});
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer, sentence;
  try {
    answer = await fetch(path, { method, body, headers, signal });
    sentence = await answer.text();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Silence(String(error));
  }
  if (!answer.ok) throw new Refusal(answer.status, sentence);
  return sentence;
}

/**
 * The JSON of an answer, with numbers as `Numeral`.
 * @param {string} path @param {Request} [request]
 * @returns {Promise<any>}
 */
export const json = async (path, request) => read(await text(path, request));

/**
 * Posts JSON.
 * @param {string} path @param {string} [body] @param {AbortSignal} [signal]
 */
export const post = (path, body, signal) => json(path, { method: "POST", body, signal });
