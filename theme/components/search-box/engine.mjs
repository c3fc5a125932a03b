// Opens the search index on first use and queries it. No DOM. The index reader comes from search_index/browser and is
// published under search/.

/**
 * `lang` and `dir` are there where it is not translated.
 * @typedef {import("../../../search_index/browser/index.mjs").Hit & { lang?: string, dir?: string }} Hit
 */
/** @typedef {import("../../../search_index/browser/index.mjs").Results & { hits: Hit[] }} Results */
/** @typedef {import("../../../search_index/browser/index.mjs").Options} Options */
/** @typedef {ReturnType<typeof import("../../../search_index/browser/index.mjs").openIndex>} Index */

import { chosenSegment, fetchAsked } from "../../page.mjs";

const READER = new URL("../../search/index.mjs", import.meta.url).href;

/** @typedef {{ title: string, url: string, band?: string, until: string, segment: string | null, document: number | null }} Pin */

/** Of an article without a translation; filled in by the build where articles are translated. @type {{ lang?: string, dir?: string }} */
const untranslated = {};

/** @type {Map<string, Promise<Index>>} */
const opened = new Map();

/** @type {{ index: string, pins: Pin[] }} */
let happening = { index: "", pins: [] };

/** @type {Promise<Pin[]> | undefined} */
let asking;

/**
 * What is pinned: the empty box offers it, and searches after it has come lift it a little. None if it can't be read.
 * @param {string} [source] absolute URL
 */
export function whatIsPinned(source) {
  asking ??= load(source);
  return asking;
}

/** @param {string} [source] */
async function load(source) {
  try {
    if (source) happening = await (await fetchAsked(new URL(source, location.href).href)).json();
  } catch {
    asking = undefined;
  }
  return happening.pins;
}

function pinnedNow() {
  const chosen = chosenSegment();
  const now = happening.pins.filter(
    ({ until, segment }) => (!segment || segment === chosen) && Date.now() < Date.parse(until),
  );
  return { build: happening.index, documents: [...new Set(now.flatMap(({ document }) => document ?? []))] };
}

/**
 * @param {string} url of the search index
 * @returns {Promise<Index>}
 */
function open(url) {
  let index = opened.get(url);
  if (!index) {
    index = import(READER).then(({ openIndex }) => openIndex(url, { fetch: fetchAsked }));
    opened.set(url, index);
    // Allow another try.
    index.catch(() => opened.delete(url));
  }
  return index;
}

/**
 * The results, or the problem: a module that fails to load counts as unreachable. Only an aborted search throws.
 * @param {string} url of the search index
 * @param {string} query
 * @param {Options} options
 * @returns {Promise<Results>}
 */
export async function search(url, query, options) {
  try {
    const index = await open(url);
    const results = await index.search(query, { ...options, pinned: pinnedNow() });
    // It is found by its title alone, and every other has a text.
    return { ...results, hits: results.hits.map((hit) => (hit.excerpt || hit.sectionHeading ? hit : { ...hit, ...untranslated })) };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    console.error(error);
    return { query, corrected: "", words: [], hits: [], incomplete: true, problem: "unreachable" };
  }
}

/** What was last typed: on a slow line the index comes when more has been. */
let typed = "";

/**
 * Starts loading before there is a query, and looks the words up that are being typed.
 * @param {string} url of the search index
 * @param {string} [query]
 */
export async function warmUp(url, query = "") {
  typed = query;
  try {
    const index = await open(url);
    await index.warm();
    if (query === typed) await index.warm(query);
  } catch {
    // The search itself says so.
  }
}
