// Which words of the dictionary a word may have been meant for: typos and unseen inflections, as in typos.py.

/**
 * Edits from one word to the other; swapping two neighbours is one edit. `limit + 1` if there are more.
 * @param {string} leftWord
 * @param {string} rightWord
 * @param {number} limit
 */
export function distance(leftWord, rightWord, limit) {
  const left = Array.from(leftWord);
  const right = Array.from(rightWord);
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  /** @type {number[]} */
  let before = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      let cost = Math.min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (left[i - 1] === right[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = row;
    row = current;
  }
  return Math.min(row[right.length], limit + 1);
}

/**
 * None in short words and numbers, one from four letters, two from eight; one in `esp32`, never in its digits.
 * @param {string} word
 */
export function allowedEdits(word) {
  const length = Array.from(word).length;
  const numbers = Array.from(digits(word)).length;
  if (length < 4 || (numbers && length < numbers + 3)) return 0;
  return numbers || length < 8 ? 1 : 2;
}

/** @param {string} word */
const digits = (word) => word.replace(/\P{Nd}/gu, "");

/**
 * A beginning and an end of the word of which one edit leaves at least one untouched; but see `swapped`.
 * @param {string} word
 * @returns {[string, string]}
 */
export function keptEnds(word) {
  const chars = Array.from(word);
  const length = chars.length - Number(chars.length !== 4);
  const start = Math.min(3, length >> 1);
  return [chars.slice(0, start).join(""), chars.slice(-Math.min(length - start, 5)).join("")];
}

/** A word of four letters with its middle ones swapped: the one edit that changes both of its halves. @param {string} word */
export function swapped(word) {
  const [first, second, third, last] = Array.from(word);
  return first + third + second + last;
}

/**
 * The candidates nearest to `word`, if any is near enough, and how many edits away they are.
 * Four letters are too few to guess a different one: only a swap, a missing and an extra letter count there.
 * @param {string} word
 * @param {Iterable<string>} candidates
 */
export function nearest(word, candidates) {
  const limit = allowedEdits(word);
  const letters = Array.from(word).sort().join("");
  let edits = limit;
  /** @type {string[]} */
  let found = [];
  for (const candidate of new Set(candidates)) {
    const chars = Array.from(candidate);
    if (chars.length < 3) continue;
    if (Array.from(word).length === 4 && chars.length === 4 && chars.sort().join("") !== letters) continue;
    const apart = distance(word, candidate, edits);
    if (!apart || apart > edits || digits(candidate) !== digits(word)) continue;
    if (apart < edits) found = [];
    edits = apart;
    found.push(candidate);
  }
  return { edits: found.length ? edits : limit + 1, found };
}

/**
 * What may be left of a word without its ending: at least three letters; a doubled last letter also single.
 * @param {string} word
 * @param {readonly string[]} endings
 */
export function bases(word, endings) {
  const left = new Set();
  for (const ending of endings) {
    if (!word.endsWith(ending)) continue;
    const base = Array.from(word.slice(0, word.length - ending.length));
    if (base.length > 2) left.add(base.join(""));
    if (base.length > 4 && base.at(-1) === base.at(-2)) left.add(base.slice(0, -1).join(""));
  }
  return left;
}

/**
 * The candidates that share the longest base with a word, of which `own` are the bases.
 * @param {Set<string>} own
 * @param {Iterable<string>} candidates
 * @param {readonly string[]} endings
 */
export function inflections(own, candidates, endings) {
  let longest = 1;
  /** @type {string[]} */
  let found = [];
  for (const candidate of new Set(candidates)) {
    let shared = 0;
    for (const base of bases(candidate, endings)) if (own.has(base)) shared = Math.max(shared, Array.from(base).length);
    if (shared < longest) continue;
    if (shared > longest) found = [];
    longest = shared;
    found.push(candidate);
  }
  return found;
}
