// Builds what the box and the search page show. Strings become text nodes, never markup.

import { word } from "../../page.mjs";
import { pieces } from "./words.mjs";

/** @typedef {import("./engine.mjs").Hit} Hit */
/** @typedef {import("./engine.mjs").Results} Results */

const site = document.documentElement.dataset;
const root = new URL(site.root || "./", location.href);

/** Absolute URL of the search manifest. */
export const manifest = new URL(site.search ?? "", location.href).href;

/** @param {string} url site-relative */
export const absolute = (url) => new URL(url, root).href;

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/**
 * @param {string} text
 * @param {string} query
 */
function marked(text, query) {
  return pieces(text, query).map((piece) => (piece.marked ? make("mark", "", piece.text) : piece.text));
}

/**
 * One article with its best section, as children of a link.
 * @param {HTMLAnchorElement} link
 * @param {Hit} hit
 * @param {string} query
 */
export function fill(link, hit, query) {
  link.href = absolute(hit.url) + (hit.section ? `#${encodeURIComponent(hit.section)}` : "");
  link.append(make("span", "kb-search__title", ...marked(hit.title, query)));
  if (hit.sectionHeading) link.append(make("span", "kb-search__section", ...marked(hit.sectionHeading, query)));
  if (hit.excerpt) link.append(make("span", "kb-search__excerpt", ...marked(hit.excerpt, query)));
  return link;
}

/** @param {number} count */
export const counted = (count) => (count === 1 ? word("1 answer") : word("{count} answers", { count }));

/** @type {Record<Exclude<Results["problem"], "">, [text: string, link: string, url: string]>} */
const problems = {
  reload: [word("This page is older than the help centre."), word("Reload it to search"), ""],
  unsupported: [word("This browser cannot search here."), word("All answers, A to Z"), "all/"],
  unreachable: [word("Search could not be loaded; the connection may be slow or gone."), word("All answers, A to Z"), "all/"],
};

/**
 * What is to be said of results beside the results.
 * @param {Results} results
 * @param {() => void} searchInstead what to do when the words are to be taken as typed
 */
export function remarks({ query, corrected, hits, incomplete, problem }, searchInstead) {
  /** @type {HTMLElement[]} */
  const lines = [];
  if (corrected && hits.length) {
    const button = make("button", "kb-link-button", word("Search instead for “{query}”", { query }));
    button.type = "button";
    button.addEventListener("click", searchInstead);
    lines.push(make("p", "kb-search__said", `${word("Showing results for “{query}”.", { query: corrected })} `, button));
  }
  if (problem || (incomplete && !hits.length)) {
    const [text, words, url] = problems[problem || "unreachable"];
    const way = make("a", "", words);
    way.href = url ? absolute(url) : location.href;
    lines.push(make("p", "kb-search__said kb-search__said--problem", `${text} `, way));
  } else if (incomplete) {
    lines.push(make("p", "kb-search__said kb-search__said--problem", word("Part of the search could not be loaded, so answers may be missing.")));
  }
  return lines;
}

/** @param {string} query */
export const unfound = (query) => word("Nothing found for “{query}”.", { query });

/**
 * Nothing found: the ways to reach a person, as they stand at the end of the page.
 * @param {string} query
 */
export const nothing = (query) =>
  reach(`${unfound(query)} ${word("Ask us:")}`) ?? make("p", "kb-search__said", unfound(query));

/** Search does not work: the same ways. */
export const instead = () => reach(word("Or ask us:"));

/** @param {string} words */
function reach(words) {
  const block = make("div", "kb-search__reach", make("p", "", words));
  const list = make("ul", "");
  for (const channel of document.querySelectorAll(".kb-channel")) {
    const label = channel.querySelector(".kb-channel__label")?.textContent ?? "";
    const address = channel.querySelector("a.kb-channel__address")?.cloneNode(true);
    if (address) list.append(make("li", "", `${label}: `, address));
  }
  if (!list.children.length) return null;
  block.append(list);
  document.querySelector(".kb-contact")?.classList.add("kb-contact--asked");
  return block;
}

/**
 * Tells those who write the answers of a search without result, where the shop asked for that.
 * @param {HTMLElement | null} form
 * @param {string} query
 */
export function report(form, query) {
  const endpoint = form?.dataset.unanswered;
  if (!endpoint) return;
  // Fetched late: search goes on without it.
  import("../helped/post.mjs").then(({ post }) => post(endpoint, { search: query })).catch(console.error);
}
