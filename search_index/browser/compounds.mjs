// Words written together, exactly as search_index/compounds.py cuts them. FORMAT.md, "Compounds", specifies both.

export const SHORTEST_PART = 4;

/**
 * What a compound may start with, by its word: also without an ending that is a link too.
 * @param {Iterable<string>} words
 * @param {readonly string[]} links
 */
export function beginnings(words, links) {
  const every = [...new Set(words)].filter((word) => word.length >= SHORTEST_PART).sort();
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const word of every) {
    for (const link of links) {
      const rest = word.slice(0, word.length - link.length);
      if (link && word.endsWith(link) && rest.length >= SHORTEST_PART && !found.has(rest)) found.set(rest, word);
    }
  }
  for (const word of every) found.set(word, word);
  return found;
}

/**
 * The longest known end of a compound and the longest known beginning before it; `whole` if there is nothing else.
 * @param {string} word
 * @param {Map<string, string>} starts
 * @param {Set<string>} ends
 * @param {readonly string[]} links
 * @returns {{found: string[], whole: boolean}}
 */
export function parts(word, starts, ends, links) {
  const size = word.length;
  let tail = size;
  for (let at = SHORTEST_PART; at <= size - SHORTEST_PART; at++) {
    if (!ends.has(word.slice(at))) continue;
    tail = Math.min(tail, at);
    for (let joint = at; joint >= SHORTEST_PART; joint--) {
      const start = starts.get(word.slice(0, joint));
      if (start && links.includes(word.slice(joint, at))) return { found: [start, word.slice(at)], whole: true };
    }
  }
  let head = "";
  for (let at = Math.min(tail, size - SHORTEST_PART); at >= SHORTEST_PART && !head; at--) {
    head = starts.get(word.slice(0, at)) ?? "";
  }
  return { found: [head, word.slice(tail)].filter(Boolean), whole: false };
}
