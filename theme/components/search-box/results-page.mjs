// /search/?q=…: the results as a plain list of links, in place of the list of all answers.

import { say } from "../../page.mjs";
import { search } from "./engine.mjs";
import { fill, instead, make, manifest, nothing, remarks, report } from "./results.mjs";
import { counted } from "./words.mjs";

const LIMIT = 30;
const LONGEST_QUERY = 200;

/** @param {HTMLElement} root */
export async function start(root) {
  const asked = new URLSearchParams(location.search);
  const query = asked.get("q")?.trim().slice(0, LONGEST_QUERY) ?? "";
  const input = document.querySelector("[data-kb=search] input");
  if (!query || !(input instanceof HTMLInputElement)) return;
  input.value = query;
  document.title = `“${query}” – ${document.title}`;
  const browse = document.querySelector("[data-browse]");
  browse?.setAttribute("hidden", "");
  root.hidden = false;
  root.replaceChildren(make("p", "kb-search__said", "Searching"));
  const results = await search(manifest, query, { limit: LIMIT, literal: asked.has("literal") });
  const { hits, corrected, problem, incomplete } = results;
  const list = make("ol", "kb-results__list");
  for (const hit of hits) list.append(make("li", "", fill(make("a", "kb-results__link"), hit, corrected || query)));
  const failed = !hits.length && (problem || incomplete);
  const said = hits.length ? `${counted(hits.length)} for “${corrected || query}”` : "";
  const ways = hits.length ? null : failed ? instead() : nothing(query);
  root.replaceChildren(
    ...remarks(results, () => location.assign(`?q=${encodeURIComponent(query)}&literal=1`)),
    ...(said ? [make("p", "kb-search__said", said), list] : ways ? [ways] : []),
  );
  if (!hits.length) browse?.removeAttribute("hidden");
  say(said || (failed ? "Search could not be loaded" : `Nothing found for “${query}”`));
  if (!hits.length && !failed) report(input.form, query);
}
