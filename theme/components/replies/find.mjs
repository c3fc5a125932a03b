// The replies of the staff site: their shape, and finding one by its title. Knows nothing of pages.

/** @typedef {{ text: string, length: number, segments: number }} Reply */
/** @typedef {{ anchor: string, heading: string, replies: Record<string, Reply> }} Section */
/** @typedef {{ id: string, title: string, url: string, replies: Record<string, Reply>, sections: Section[] }} Article */

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
