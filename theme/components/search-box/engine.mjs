// Opens the search index on first use and queries it. No DOM. The index reader comes from search_index/browser and is
// published under search/.

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
    // Allow another try.
    index.catch(() => opened.delete(manifest));
  }
  return index;
}

/**
 * The results, or the problem: a module that fails to load counts as unreachable. Only an aborted search throws.
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
    return { query, corrected: "", words: [], hits: [], incomplete: true, problem: "unreachable" };
  }
}

/**
 * Starts loading before there is a query.
 * @param {string} manifest absolute URL
 */
export function warmUp(manifest) {
  open(manifest).then((index) => index.warm()).catch(() => {});
}
