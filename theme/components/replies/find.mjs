// The replies of the staff site: their shape, finding one by its title, and putting names in. No DOM.

import { measure } from "./measure.mjs";

/** @typedef {{ text: string, length: number, segments: number, subject?: string, left_out?: string[], named?: string, signed?: string }} Reply */
/** @typedef {{ anchor: string, heading: string, replies: Record<string, Reply> }} Section */
/** @typedef {{ id: string, title: string, page: string, url?: string, audience?: string, pinned?: boolean, asked?: string[], text?: string, replies?: Record<string, Reply>, sections?: Section[] }} Article */

/**
 * Articles that have every word in their title, id, phrases or, for staff only, text; those with most in the title first.
 * @param {Article[]} articles
 * @param {string} query
 */
export function byWords(articles, query) {
  const words = wordsOf(query);
  const first = words.join(" ");
  /** @param {string} text */
  const count = (text) => words.filter((word) => text.includes(word)).length;
  const ranked = articles.flatMap((article) => {
    const title = article.title.toLowerCase();
    const rest = [title, article.id, ...(article.asked ?? []), article.text ?? ""].join(" ").toLowerCase();
    if (count(rest) < words.length) return [];
    return [{ article, rank: count(title) + (title.startsWith(first) ? words.length : 0) }];
  });
  return ranked.sort((one, other) => other.rank - one.rank).map(({ article }) => article);
}

/** @param {string} text */
const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}'-]+/u).filter(Boolean);

/**
 * Whether the query is one of the phrases by which customers ask for an announcement, or staff for an article.
 * @param {Article} article
 * @param {string} query
 */
function isAsked({ asked = [] }, query) {
  const bare = wordsOf(query).join(" ");
  return asked.some((phrase) => wordsOf(phrase).join(" ") === bare);
}

/**
 * Whether a name of the article, its title, id or, where it can be sent, a phrase, has every word of the query.
 * @param {Article} article
 * @param {string} query
 */
function isNamed({ title, id, replies, asked = [] }, query) {
  const words = wordsOf(query);
  return [title, id.replaceAll("-", " "), ...(replies ? asked : [])].some((name) => {
    const own = new Set(wordsOf(name));
    return words.every((word) => own.has(word));
  });
}

/**
 * What was found by words among what the customers' search found: announcements and articles for staff only, which its
 * index lacks, after the best of its answers; before it if they are asked so, if they alone are named so, or if the
 * search had to change the words.
 * @param {Article[]} found
 * @param {Article[]} ranked
 * @param {string} query
 * @param {string} corrected the words that the search took in place of the query, or none
 */
export function inOrder(found, ranked, query, corrected) {
  const internal = found.filter((article) => (!article.replies || article.asked) && !ranked.includes(article));
  const [best] = ranked;
  const alone = !best || !isNamed(best, query);
  const first = internal.filter((article) => corrected || isAsked(article, query) || (alone && isNamed(article, query)));
  return [...new Set([...first, ...ranked.slice(0, 1), ...internal, ...ranked, ...found])];
}

/**
 * Everything one search finds: what can be sent, and what is for staff only, with its text.
 * @param {Article[]} articles
 * @param {Article[]} notes
 */
export function withNotes(articles, notes) {
  const texts = new Map(notes.map((note) => [note.id, note]));
  const known = new Set(articles.map(({ id }) => id));
  return [...articles.map((article) => ({ ...article, ...texts.get(article.id) })), ...notes.filter(({ id }) => !known.has(id))];
}

/**
 * The text of a reply with the names of the customer and the agent, or without them where it would be too long.
 * @param {Reply} reply
 * @param {string} channel
 * @param {{ name: string, agent: string }} names
 * @param {Record<string, number>} limits
 */
export function named(reply, channel, { name, agent }, limits) {
  const pattern = name ? reply.named : agent ? reply.signed : "";
  if (!pattern) return reply.text;
  const text = pattern.replace(/\{(name|agent)\}(, )?/gu, (_, key, comma = "") => {
    if (key === "name") return name + comma;
    return agent ? agent + comma : "";
  });
  return measure(text, channel).length <= (limits[channel] ?? Infinity) ? text : reply.text;
}

/** @param {string} name a name on one line, as `kb reply --name` takes it */
export function clean(name) {
  const line = name.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  return [...line].length <= 60 ? line : "";
}
