// Which words of a text to mark for a query. Works on plain text only.

/** @typedef {{ text: string, marked: boolean }} Piece */

/** Words such as "my" and "is" that are not marked; filled in by the build. @type {Set<string>} */
const functionWords = new Set([]);

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const MIN_PREFIX = 3;
const MIN_STEM = 4;

/** @param {string} text */
const plain = (text) => text.normalize("NFKC").toLowerCase();

/**
 * Marks words that start with a word of the query, or that a word of the query starts with.
 * @param {string} text
 * @param {string} query
 * @returns {Piece[]}
 */
export function pieces(text, query) {
  const asked = plain(query).match(WORD)?.filter((word) => word.length > 1 && !functionWords.has(word)) ?? [];
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    const word = plain(match[0]);
    const hit = !functionWords.has(word) && asked.some(
      (part) =>
        word === part ||
        (part.length >= MIN_PREFIX && word.startsWith(part)) ||
        (word.length >= MIN_STEM && part.startsWith(word)),
    );
    if (!hit) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), marked: false });
    end = match.index + match[0].length;
    found.push({ text: match[0], marked: true });
  }
  if (end < text.length) found.push({ text: text.slice(end), marked: false });
  return found;
}
