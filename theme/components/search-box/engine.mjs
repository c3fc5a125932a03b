// Opens the search index on first use and asks it. Knows nothing of pages. The reader comes from search_index/browser
// and is published beside this folder, under search/.

/** @typedef {import("../../../search_index/browser/index.mjs").Hit} Hit */
/** @typedef {import("../../../search_index/browser/index.mjs").Results} Results */
/** @typedef {import("../../../search_index/browser/index.mjs").Options} Options */
/** @typedef {ReturnType<typeof import("../../../search_index/browser/index.mjs").openIndex>} Index */

const READER = new URL("../../search/index.mjs", import.meta.url).href;

/** @type {Map<string, Promise<Index>>} */
const opened = new Map();

/**
 * @param {string} manifest absolute URL
 * @returns {Promise<Index>}
 */
function open(manifest) {
  let index = opened.get(manifest);
  if (!index) {
    index = import(READER).then(({ openIndex }) => openIndex(manifest));
    opened.set(manifest, index);
    // A later try may find the connection better.
    index.catch(() => opened.delete(manifest));
  }
  return index;
}

/**
 * What was found, or why nothing could be: a module that does not come, or that fails, is one more way of being
 * unreachable. Only a search that was called off throws.
 * @param {string} manifest absolute URL
 * @param {string} query
 * @param {Options} options
 * @returns {Promise<Results>}
 */
export async function search(manifest, query, options) {
  try {
    const index = await open(manifest);
    return await index.search(query, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    console.error(error);
    return { query, corrected: "", hits: [], incomplete: true, problem: "unreachable" };
  }
}

/**
 * Starts fetching before there is anything to ask.
 * @param {string} manifest absolute URL
 */
export function warmUp(manifest) {
  open(manifest).then((index) => index.warm()).catch(() => {});
}
