// Page not found: an old id redirects to its article; otherwise the nearest answers are suggested.

import { search } from "../search-box/engine.mjs";
import { absolute, fill, make, searchIndex } from "../search-box/results.mjs";
import { clues } from "./address.mjs";

const LIMIT = 5;

/** @param {string[]} ids */
async function redirectToId(ids) {
  for (const id of ids) {
    const short = absolute(`a/${id}/`);
    if (new URL(short).pathname === location.pathname) continue;
    const answer = await fetch(short, { method: "HEAD" });
    if (answer.ok) {
      location.replace(short + location.search + location.hash);
      return true;
    }
  }
  return false;
}

/** @param {HTMLElement} root */
export async function start(root) {
  try {
    await suggest(root);
  } finally {
    // The rest of the page waited, so that nothing moves under a finger.
    root.dataset.settled = "";
  }
}

/** @param {HTMLElement} root */
async function suggest(root) {
  const { ids, words } = clues(location.pathname);
  if ((await redirectToId(ids)) || !words) return;
  const { hits } = await search(searchIndex, words, { limit: LIMIT });
  const list = root.querySelector("[data-list]");
  for (const hit of hits) list?.append(make("li", "", fill(make("a", "kb-results__link"), { ...hit, excerpt: "" }, "")));
  root.hidden = !hits.length;
}
