// /search/?q=…: the results as a list of links, instead of the list of all answers.

import { say, word } from "../../page.mjs";
import { search } from "./engine.mjs";
import { counted, fill, contactInstead, make, manifest, nothing, remarks, report, noResults } from "./results.mjs";

const LIMIT = 30;
const LONGEST_QUERY = 200;

/** @param {HTMLElement} root */
export async function start(root) {
  const asked = new URLSearchParams(location.search);
  const query = asked.get("q")?.trim().slice(0, LONGEST_QUERY) ?? "";
  const input = document.querySelector("[data-kb=search] input");
  if (!query || !(input instanceof HTMLInputElement)) return;
  input.value = query;
  document.title = `${word("“{query}”", { query })} – ${document.title}`;
  const browse = document.querySelector("[data-browse]");
  browse?.setAttribute("hidden", "");
  root.hidden = false;
  root.replaceChildren(make("p", "kb-search__message", word("Searching")));
  const results = await search(manifest, query, { limit: LIMIT, literal: asked.has("literal") });
  const { hits, corrected, problem, incomplete } = results;
  const list = make("ol", "kb-results__list");
  for (const hit of hits) list.append(make("li", "", fill(make("a", "kb-results__link"), hit, corrected || query)));
  const failed = !hits.length && (problem || incomplete);
  const said = hits.length ? word("{answers} for “{query}”", { answers: counted(hits.length), query: corrected || query }) : "";
  const ways = hits.length ? null : failed ? contactInstead() : nothing(query);
  root.replaceChildren(
    ...remarks(results, () => location.assign(`?q=${encodeURIComponent(query)}&literal=1`)),
    ...(said ? [make("p", "kb-search__message", said), list] : ways ? [ways] : []),
  );
  if (!hits.length) browse?.removeAttribute("hidden");
  // Topics are more useful than a list of everything that wasn't found.
  browse?.querySelector("[data-if-nothing]")?.toggleAttribute("hidden", Boolean(failed));
  browse?.querySelector("[data-if-not-nothing]")?.toggleAttribute("hidden", !failed);
  say(said || (failed ? word("Search could not be loaded; the connection may be slow or gone.") : noResults(query)));
  if (!hits.length && !failed) report(input.form, query);
}
