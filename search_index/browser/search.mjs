// One query against one index: expanded, ranked, and answered with hits. The same as search_index/reader.py.

import { expand } from "./query_expansion.mjs";
import { EXACT_CODE, rank } from "./ranking.mjs";
import { parse } from "./words.mjs";

/**
 * One result. `section` is the anchor of its best section, empty for the article itself; `score` is in 256ths of an impact;
 * `confidence` is from 0 to 1; `sure` says that it is shown as the answer.
 * @typedef {{id: string, title: string, url: string, section: string, sectionHeading: string, excerpt: string,
 *   score: number, confidence: number, sure: boolean}} Hit
 */

/** Articles with less than a FLOOR-th of the best score are left out, unless they have each of several words. */
const FLOOR = 4;

/**
 * The results of a query, best first. `corrected` is the query with its typos replaced, empty without any; `words` are the
 * words that were searched. Rejects with a `ShardError` when a shard can't be read.
 * @param {import("./shards.mjs").Shards} shards
 * @param {string} text
 * @param {number} limit
 * @param {boolean} literal every word as typed: no typo is forgiven
 * @param {number[]} pinned documents that trend today
 * @returns {Promise<{corrected: string, words: string[], hits: Hit[]}>}
 */
export async function search(shards, text, limit, literal, pinned) {
  const query = parse(text, shards.eliding);
  const expanded = await expand(shards, query, literal);
  const { slots, replaced } = expanded;
  const { total, matched, codes, titles, bestSection } = await rank(shards, text, query, expanded, pinned);
  const plain = total.map((value) => value % EXACT_CODE);
  const best = [...plain].sort((left, right) => right - left);
  /** @param {string} word */
  const meant = (word) => replaced.get(word) ?? word;
  const corrected = replaced.size ? query.every.map(meant).join(" ") : "";
  return { corrected, words: slots.map(meant), hits: await hits() };

  /** @returns {Promise<Hit[]>} */
  async function hits() {
    const least = Math.max(1, Math.ceil((best[0] ?? 0) / FLOOR));
    const every = Math.max(2, slots.length);
    const order = [...plain.keys()].filter(
      (document) => plain[document] >= (matched[document] >= every ? 1 : least) || total[document] >= EXACT_CODE,
    );
    // Sorting is stable: of equals the first document comes first.
    order.sort((left, right) => total[right] - total[left]);
    const shown = await Promise.all(order.slice(0, limit).map(hit));
    return /** @type {Hit[]} */ (shown.filter(Boolean));
  }

  /** @param {number} document @returns {Promise<Hit | null>} */
  async function hit(document) {
    const shown = await shards.shown(document);
    if (!shown) return null;
    const [id, url, title, excerpt, sections] = shown;
    const [anchor, sectionHeading, text] = sections[bestSection(document) - 1] ?? ["", "", ""];
    const section = anchor || sectionHeading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    return { id, title, url, section, sectionHeading, excerpt: text || excerpt, score: total[document], ...confidence(document) };
  }

  /** The probability that a document answers the query, and whether it is shown as the answer, as in search_index/confidence.py. @param {number} document */
  function confidence(document) {
    if (titles.includes(document)) return { confidence: 1, sure: true };
    const [score, words] = [plain[document], slots.length];
    const own = best.indexOf(score);
    const [second = 0, third = 0] = best.filter((_, at) => at !== own);
    const share = (4.11 * Math.min(matched[document], words)) / words;
    const odds = -3.82 + 0.55 * Math.log(score / 256) + share + 0.96 * Math.log(words) - (2.79 * second + 1.11 * third) / score;
    const found = Math.round(100 / (1 + Math.exp(-odds))) / 100;
    const least = (shards.hasLearned ? 10_000 : 2 * second > score ? 3_700 : 3_000) * Math.log(1 + shards.count) ** 0.7;
    const sure = found >= 0.6 && matched[document] > 1 && score >= least && 5 * second <= 4 * score;
    // The only document with a code.
    const only = codes.length === 1 && codes[0] === document;
    return { confidence: only ? Math.max(found, 0.9) : found, sure: sure || only };
  }
}
