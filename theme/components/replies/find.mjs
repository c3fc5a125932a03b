// The replies of the staff site: their shape, finding one by its title, and putting names in. Knows nothing of pages.

import { measure } from "./measure.mjs";

/** @typedef {{ text: string, length: number, segments: number, subject?: string, left_out?: string[], named?: string, signed?: string }} Reply */
/** @typedef {{ anchor: string, heading: string, replies: Record<string, Reply> }} Section */
/** @typedef {{ id: string, title: string, page: string, url?: string, audience?: string, pinned?: boolean, replies?: Record<string, Reply>, sections?: Section[] }} Article */

/**
 * Articles whose title or id has every word, those that begin with the words first.
 * @param {Article[]} articles
 * @param {string} query
 */
export function byTitle(articles, query) {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const found = articles.filter(({ id, title }) => words.every((word) => `${title} ${id}`.toLowerCase().includes(word)));
  const first = words.join(" ");
  return found.sort((one, other) => Number(other.title.toLowerCase().startsWith(first)) - Number(one.title.toLowerCase().startsWith(first)));
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
