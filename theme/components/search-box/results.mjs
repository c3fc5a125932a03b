// Elements of the search box and the results page. Strings become text nodes, never markup.

import { startNow, word } from "../../page.mjs";
import { pieces } from "./words.mjs";

/** @typedef {import("./engine.mjs").Hit} Hit */
/** @typedef {import("./engine.mjs").Results} Results */

const site = document.documentElement.dataset;
const root = new URL(site.root || "./", location.href);

/** Absolute URL of the file of the search index that is opened first. */
export const searchIndex = new URL(site.search ?? "", location.href).href;

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
  const title = make("span", "kb-search__title", ...marked(hit.title, query));
  if (hit.lang) Object.assign(title, { lang: hit.lang, dir: hit.dir });
  link.append(title);
  if (hit.sectionHeading) link.append(make("span", "kb-search__section", ...marked(hit.sectionHeading, query)));
  if (hit.excerpt) link.append(make("span", "kb-search__excerpt", ...marked(hit.excerpt, query)));
  return link;
}

/** @param {number} count */
export const counted = (count) => word("{count} answers", { count });

/** @type {Record<Exclude<Results["problem"], "">, [text: string, link: string, url: string]>} */
const problems = {
  reload: [word("The help centre has changed since this page was loaded."), word("Reload the page to search"), ""],
  unsupported: [word("This browser cannot search here."), word("All answers, A to Z"), "all/"],
  unreachable: [word("Search could not be loaded; the connection may be slow or gone."), word("All answers, A to Z"), "all/"],
};

/**
 * Messages about results: a correction, missing parts, a problem.
 * @param {Results} results
 * @param {() => void} searchInstead searches for the words as typed
 */
export function remarks({ query, corrected, hits, incomplete, problem }, searchInstead) {
  /** @type {HTMLElement[]} */
  const lines = [];
  if (corrected && hits.length) {
    const button = make("button", "kb-link-button", word("Search instead for “{query}”", { query: quoted(query) }));
    button.type = "button";
    button.addEventListener("click", searchInstead);
    lines.push(make("p", "kb-search__message", `${word("Showing results for “{query}”.", { query: quoted(corrected) })} `, button));
  }
  if (problem || (incomplete && !hits.length)) {
    const [text, words, url] = problems[problem || "unreachable"];
    const link = make("a", "", words);
    link.href = url ? absolute(url) : location.href;
    lines.push(make("p", "kb-search__message kb-search__message--problem", `${text} `, link));
  } else if (incomplete) {
    lines.push(make("p", "kb-search__message kb-search__message--problem", word("Part of the search could not be loaded, so answers may be missing.")));
  }
  return lines;
}

/** Titles of the topics in the menu, by absolute URL. @type {[url: string, title: string][] | undefined} */
let topics;

/**
 * The title of the topic an article is in; empty if the menu doesn't list it.
 * @param {string} url site-relative
 */
export function topicOf(url) {
  topics ??= [...document.querySelectorAll(".kb-menu a")].map((link) => [
    link instanceof HTMLAnchorElement ? link.href : "", link.textContent ?? "",
  ]);
  return topics.find(([start]) => absolute(url).startsWith(start))?.[1] ?? "";
}

/**
 * What was typed, kept together where it runs against the direction of the page.
 * @param {string} query
 */
export const quoted = (query) =>
  /[\u0590-\u08ff\ufb1d-\ufefc]/u.test(query) === (document.documentElement.dir === "rtl") ? query : `\u2068${query}\u2069`;

/** @param {string} query */
export const noResults = (query) => word("Nothing found for “{query}”.", { query: quoted(query) });

/** Finds out which contact channels are open, before they are offered in place of results. */
export async function askWhoIsOpen() {
  const contact = document.querySelector(".kb-contact");
  if (contact instanceof HTMLElement) await startNow(contact);
}

/**
 * Nothing found: the contact channels from the end of the page that are open, or all if none is.
 * @param {string} query
 */
export const nothing = (query) =>
  channels(`${noResults(query)} ${word("Ask us:")}`) ?? make("p", "kb-search__message", noResults(query));

/** Search doesn't work: the contact channels. */
export const contactInstead = () => channels(word("Or ask us:"));

/** @param {string} words */
function channels(words) {
  const block = make("div", "kb-search__contact", make("p", "", words));
  const all = [...document.querySelectorAll(".kb-channels > .kb-channel:has(a.kb-channel__action)")];
  if (!all.length) return null;
  const open = all.filter((channel) => !channel.hasAttribute("data-hours") || channel.querySelector(".kb-channel__state--open"));
  const list = make("ul", "kb-plain-list");
  for (const channel of open.length ? open : all) {
    const copy = /** @type {Element} */ (channel.cloneNode(true));
    for (const fact of copy.querySelectorAll(".kb-channel__facts, .kb-channel__label")) fact.remove();
    list.append(copy);
  }
  block.append(list);
  document.querySelector(".kb-contact")?.classList.add("kb-contact--highlighted");
  return block;
}

/**
 * Posts a search without result to the configured endpoint.
 * @param {HTMLElement | null} form
 * @param {string} query
 */
export function report(form, query) {
  const endpoint = form?.dataset.unanswered;
  if (!endpoint) return;
  // Loaded on demand: search works without it.
  import("../helpful/post.mjs").then(({ post }) => post(endpoint, { search: query })).catch(console.error);
}
