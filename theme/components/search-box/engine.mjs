// Opens the search index on first use and asks it. Knows nothing of pages; the reader itself is search/reader.mjs.

/** @typedef {{ id: string, title: string, url: string, section: string, section_heading: string, excerpt: string, score: number }} Hit */
/** @typedef {{ query: string, corrected: string, hits: Hit[], incomplete: boolean, problem: string }} Results */
/** @typedef {{ search: (query: string, options: { limit: number, signal?: AbortSignal }) => Promise<Results> }} Index */

const READER = new URL("../../search/reader.mjs", import.meta.url).href;

/** @type {Map<string, Promise<Index>>} */
const opened = new Map();

/**
 * @param {string} manifest absolute URL
 * @returns {Promise<Index>}
 */
function open(manifest) {
  let index = opened.get(manifest);
  if (!index) {
    index = import(READER).then(({ openIndex }) => openIndex(manifest, {}));
    opened.set(manifest, index);
    // A later try may find the connection better.
    index.catch(() => opened.delete(manifest));
  }
  return index;
}

/**
 * @param {string} manifest absolute URL
 * @param {string} query
 * @param {{ limit: number, signal?: AbortSignal }} options
 * @returns {Promise<Results>}
 */
export async function search(manifest, query, options) {
  const index = await open(manifest);
  return index.search(query, options);
}

/**
 * Starts fetching before there is anything to ask.
 * @param {string} manifest absolute URL
 */
export function warmUp(manifest) {
  open(manifest).catch(() => {});
}
