// Codes and numbers of a query, exactly as search_index/codes.py finds them. FORMAT.md, "Codes", specifies both.

import { LONGEST_WORD, plainDigits } from "./words.mjs";

const MOST_CODES = 4;
/** A number of at least seven digits is a code, with or without spaces; one of fewer is a word. */
const LONG_NUMBER = /^[0-9]{7,}$/;
const SHORT_NUMBER = /^[0-9]{1,6}$/;
const NATIONAL = 9;
const W = "\\p{L}\\p{N}_";

const JOINED_CODE = new RegExp(`(?<![${W}./-])[0-9a-z]+(?:[-_./][0-9a-z]+)+(?![${W}/-])`, "gu");
const SPACED = new RegExp(`(?<![${W}+.,])\\+?\\(?[0-9]{1,10}\\)?(?:[ \\u00a0./-]\\(?[0-9]{1,10}\\)?)+(?![${W}])`, "gu");
const ACCOUNT = new RegExp(
  `(?<![${W}])[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?![${W}])`,
  "gu",
);
const SPACED_CODE = new RegExp(`(?<![${W}.+\\-])(?:[A-Z]{1,6} [0-9]{1,6}|[a-z] [0-9]{3,6})(?![${W}.\\-])`, "gu");
const SINGLE = new RegExp(`(?<![${W}.+\\-])\\+?(?=[0-9a-z]*[0-9])[0-9a-z]+(?![${W}.\\-])`, "gu");
const VERSION = new RegExp(`(?<![${W}])v([0-9]+(?:\\.[0-9]+)*)(?![${W}])`, "gu");

/** @param {string} code */
const bare = (code) => code.replace(/[^0-9a-z]/gi, "");

/** @param {string} joined */
const isCode = (joined) =>
  !/^v?[0-9.]+[a-z]{0,3}$/.test(joined) && joined.length > 3 && /[0-9_]|\..*\./.test(joined);

/** @param {string} text @param {RegExp} pattern */
const all = (text, pattern) => Array.from(text.matchAll(pattern), (match) => match[1] ?? match[0]);

/**
 * The keys to look up for a query, however it is spelled.
 * @param {string} text
 * @returns {string[]}
 */
export function codesOfQuery(text) {
  const lowered = plainDigits(text.normalize("NFKC").toLowerCase());
  const singles = all(lowered, SINGLE);
  const numbers = [...all(lowered, SPACED), ...singles]
    .map(bare)
    .filter((digits) => LONG_NUMBER.test(digits))
    .map((digits) => digits.slice(-NATIONAL));
  const words = singles.map(bare).filter((word) => !SHORT_NUMBER.test(word));
  const joined = all(lowered, JOINED_CODE).filter(isCode).map(bare);
  const found = [...joined, ...all(lowered, ACCOUNT).map(bare), ...numbers, ...all(lowered, VERSION), ...all(plainDigits(text), SPACED_CODE).map(bare), ...words];
  return [...new Set(found.map((key) => key.toLowerCase().slice(0, LONGEST_WORD)))].slice(0, MOST_CODES);
}
