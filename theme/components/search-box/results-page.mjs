// /search/?q=…: the results as a list of links, instead of the list of all answers. The page reserves their space.

import { say, word } from "../../page.mjs";
import { channelOf } from "./channel-query.mjs";
import { search, whatIsPinned } from "./engine.mjs";
import { askWhoIsOpen, contactInstead, counted, fill, make, searchIndex, noResults, nothing, quoted, remarks, report, topicOf } from "./results.mjs";

/** @typedef {import("./engine.mjs").Hit} Hit */

const LIMIT = 30;
/** Each result may cost a request, so a slow line shows these before it fetches the others. */
const FIRST = 5;
const SHOWN = 10;
const FILTERS_FROM = 20;
const FEW = 5;
const LONGEST_QUERY = 200;

/**
 * One result of the list, with its topic. Its heading is the link: what else is shown doesn't belong to its name.
 * @param {Hit} hit
 * @param {string} query
 */
function item(hit, query) {
  const topic = topicOf(hit.url);
  const link = fill(make("a", "kb-results__link"), hit, query);
  const [title, ...below] = [...link.children];
  link.replaceChildren(title);
  return make("li", "", ...(topic ? [make("p", "kb-results__topic", topic)] : []), make("h2", "kb-results__title", link), ...below);
}

/**
 * The first result as an answer: the text in full, then a link to the article.
 * @param {Hit} hit
 */
function answer(hit) {
  const link = fill(make("a", "kb-results__link"), { ...hit, excerpt: "", sectionHeading: "" }, "");
  const button = make("a", "kb-button kb-button--main", word("Read the full answer"));
  button.href = link.href;
  const topic = topicOf(hit.url);
  return make(
    "article", "kb-answer kb-results__best",
    ...(topic ? [make("p", "kb-results__topic", topic)] : []), make("h2", "", link), make("p", "", hit.excerpt), make("p", "", button),
  );
}

/**
 * Hides all but the first results, and adds what shows the others.
 * @param {HTMLOListElement} list
 * @param {Hit[]} hits those in the list
 */
function page(list, hits) {
  const items = /** @type {HTMLLIElement[]} */ ([...list.children]);
  const more = make("button", "kb-button", word("More answers"));
  more.type = "button";
  let shown = SHOWN;
  let topic = "";
  function update() {
    const inTopic = items.filter((_, at) => !topic || topicOf(hits[at]?.url ?? "") === topic);
    for (const element of items) element.hidden = !inTopic.includes(element) || inTopic.indexOf(element) >= shown;
    more.hidden = inTopic.length <= shown;
  }
  more.addEventListener("click", () => {
    const first = items.filter(({ hidden }) => !hidden).length;
    shown = Infinity;
    update();
    items.filter(({ hidden }) => !hidden)[first]?.querySelector("a")?.focus();
  });
  update();
  const topics = [...new Set(hits.map(({ url }) => topicOf(url)).filter(Boolean))];
  if (hits.length < FILTERS_FROM || topics.length < 2) return [list, more];
  const filter = make("select", "kb-field kb-results__filter");
  filter.setAttribute("aria-label", word("Topics"));
  for (const name of ["", ...topics]) filter.append(new Option(name || word("All topics"), name));
  filter.addEventListener("change", () => {
    topic = filter.value;
    update();
  });
  return [filter, list, more];
}

/**
 * The channel that a query names: by its number, address or action.
 * @param {string} query
 * @returns {HTMLElement | null}
 */
function channelFor(query) {
  const channels = [...document.querySelectorAll(".kb-channels > .kb-channel")];
  const channel = channels[channelOf(query, channels.map(factsOf))];
  if (!channel) return null;
  const list = make("ul", "kb-plain-list kb-results__channel");
  list.append(channel.cloneNode(true));
  return list;
}

/** @param {Element} channel */
function factsOf(channel) {
  const link = channel.querySelector("a.kb-channel__action");
  const kind = channel.getAttribute("data-kind") ?? "";
  return {
    kind,
    label: channel.querySelector(".kb-channel__label")?.textContent ?? labelOf(kind),
    address: channel.querySelector("bdi")?.textContent ?? "",
    href: link?.getAttribute("href") ?? "",
  };
}

/** The name of a channel that has none of its own; here, since no other page asks for it. @param {string} kind */
function labelOf(kind) {
  /** @type {Record<string, string>} */
  const labels = {
    phone: word("Phone"), chat: word("Chat"), sms: word("Text message"), email: word("Email"), twitter: word("X (Twitter)"),
    facebook: word("Facebook"), whatsapp: word("WhatsApp"), form: word("Contact form"), post: word("Post"), in_person: word("In person"),
  };
  return labels[kind] ?? "";
}

/**
 * Calls `change`, and puts the focus back on the link that had it.
 * @param {HTMLElement} root
 * @param {() => void} change
 */
function keepingFocus(root, change) {
  const focused = document.activeElement;
  const url = focused instanceof HTMLAnchorElement && root.contains(focused) ? focused.href : "";
  change();
  if (url) [...root.querySelectorAll("a")].find(({ href }) => href === url)?.focus({ preventScroll: true });
}

/** @param {HTMLElement} root */
export async function start(root) {
  const asked = new URLSearchParams(location.search);
  const query = asked.get("q")?.trim().slice(0, LONGEST_QUERY) ?? "";
  const input = document.querySelector("[data-kb=search] input");
  const area = root.closest("[data-results-area]");
  if (!query || !(input instanceof HTMLInputElement)) return area?.setAttribute("data-browsing", "");
  input.value = query;
  document.title = `${word("“{query}”", { query })} – ${document.title}`;
  root.hidden = false;
  root.replaceChildren(make("p", "kb-search__message", word("Searching")));
  const literal = asked.has("literal");
  whatIsPinned(document.documentElement.dataset.happening);
  const first = await search(searchIndex, query, { limit: FIRST, literal });
  if (!first.hits.length || channelFor(query)) await askWhoIsOpen();
  if (first.hits.length < FIRST) return show(root, input, query, first);
  show(root, input, query, first, true);
  const all = await search(searchIndex, query, { limit: LIMIT, literal });
  keepingFocus(root, () => show(root, input, query, all));
}

/**
 * @param {HTMLElement} root
 * @param {HTMLInputElement} input
 * @param {string} query
 * @param {import("./engine.mjs").Results} results
 * @param {boolean} [more] whether more results follow, so that they can't be counted yet
 */
function show(root, input, query, results, more = false) {
  const area = root.closest("[data-results-area]");
  const browse = document.querySelector("[data-browse]");
  const { hits, corrected, problem, incomplete } = results;
  const failed = !hits.length && (problem || incomplete);
  const found = more ? word("Searching") : word("{answers} for “{query}”", { answers: counted(hits.length), query: quoted(corrected || query) });
  const channel = channelFor(query);
  const sure = !channel && hits[0]?.sure && hits[0].excerpt ? hits[0] : undefined;
  const rest = sure ? hits.slice(1) : hits;
  const list = make("ol", "kb-results__list");
  for (const hit of rest) list.append(item(hit, results.words.join(" ")));
  const ways = hits.length || channel ? null : failed ? contactInstead() : nothing(query);
  root.replaceChildren(
    ...remarks(results, () => location.assign(`?q=${encodeURIComponent(query)}&literal=1`)),
    ...(channel ? [channel] : []),
    ...(hits.length ? [make("p", "kb-search__message", found), ...(sure ? [answer(sure)] : []), ...(rest.length ? page(list, rest) : [])] : []),
    ...(ways ? [ways] : []),
  );
  if (!hits.length) area?.setAttribute("data-browsing", "");
  area?.toggleAttribute("data-found", hits.length > 0);
  // A short list is followed by the topics.
  area?.toggleAttribute("data-few", hits.length > 0 && hits.length < FEW && !more);
  // Topics are more useful than a list of everything that wasn't found.
  browse?.querySelector("[data-if-nothing]")?.toggleAttribute("hidden", Boolean(failed));
  browse?.querySelector("[data-if-not-nothing]")?.toggleAttribute("hidden", !failed);
  if (more) return;
  say(hits.length ? found : failed ? word("Search could not be loaded; the connection may be slow or gone.") : noResults(query));
  if (!hits.length && !failed) report(input.form, query);
}
