// Loaded by every page. Each component is a module loaded when it is needed; one that is blocked or fails shows its own
// problem text, doesn't affect the others, and is loaded again at the next click. What almost every page needs at once
// is a part of this file: the build puts it in place of its import.

import { chosenSegment, keepUpToDate } from "./components/conditional/conditional.mjs";

export { chosenSegment };

/** @typedef {{ start: (root: HTMLElement, event?: Event) => void | Promise<void> }} Component */

/** All modules of search, requested at once: one after the other would take three round trips. */
const search = ["./search/index.mjs", "./components/search-box/search-box.mjs"];

/** @type {[selector: string, when: "load" | "seen" | "click" | "focusin", module: string | Component, soonNeeded?: string[]][]} */
const components = [
  ["[data-kb=conditional]", "load", { start: () => keepUpToDate(say, word) }],
  ["[data-kb=contact]", "seen", "./components/contact/contact.mjs"],
  ["[data-kb=results]", "load", "./components/search-box/results-page.mjs", search],
  ["[data-kb=moved]", "load", "./components/moved/moved.mjs"],
  ["[data-kb=nearest]", "load", "./components/nearest/nearest.mjs"],
  ["[data-kb=replies]", "load", "./components/replies/replies.mjs"],
  ["[data-kb=command]", "load", "./components/command/command.mjs"],
  ["[data-kb=search]", "focusin", "./components/search-box/search-box.mjs", search],
  ["[data-kb=menu]", "click", "./components/header/menu.mjs"],
  ["[data-kb=feedback]", "click", "./components/helpful/helpful.mjs"],
  ["[data-copy], .md-typeset .headerlink", "click", "./components/send/send.mjs"],
];

/**
 * English → language of the page, for strings in scripts; filled in by the build. A text with a number has a form for
 * each plural category. @type {Record<string, string | Record<string, string>>}
 */
const words = {};

const { lang } = document.documentElement;
/** How dates, numbers and plurals are written: as the build does it, with European digits. */
export const locale = `${!lang || lang === "en" ? "en-GB" : lang}-u-nu-latn`;

/**
 * @param {string} english
 * @param {Record<string, string | number>} [values] the value of each `{name}`; that of `{count}` decides the plural
 */
export function word(english, values = {}) {
  const found = words[english] ?? english;
  const text = typeof found === "string" ? found : found[new Intl.PluralRules(locale).select(Number(values.count))] ?? found.other ?? english;
  return text.replace(/\{(\w+)\}/g, (slot, name) => {
    const value = values[name] ?? slot;
    return typeof value === "number" ? value.toLocaleString(locale, { useGrouping: "always" }) : value;
  });
}

/** Shown when a component's module fails to load and its markup has no text for that. @type {Record<string, string>} */
const problems = {
  search: word("Search could not be loaded. Press Enter to see all answers."),
  send: word("Your browser blocked copying. The short link is above."),
};

const status = document.createElement("div");
status.id = "kb--status";
status.className = "kb-visually-hidden";
status.setAttribute("role", "status");
status.setAttribute("aria-live", "polite");
document.body.append(status);

/**
 * Announces a change to screen readers.
 * @param {string} text
 */
export function say(text) {
  status.textContent = text;
}

/**
 * Copies text. Call it while a click is handled: browsers allow it only then, so it must not wait for a module.
 * @param {string} text
 */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // On plain http there is no clipboard API; the deprecated command still works.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "kb-visually-hidden";
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  if (!done) throw new Error("copying was refused");
}

/** The result of the copy that the last click on a copy button started. @type {Promise<void>} */
export let copied = Promise.resolve();

/** Copies the short link, with the section's anchor for a heading's link. @param {Event} event */
function copyLink({ target }) {
  const button = target instanceof Element ? target.closest("[data-copy], .md-typeset .headerlink") : null;
  if (!button) return;
  const link = document.querySelector(".kb-send__url")?.getAttribute("href") ?? "";
  copied = copy(link + (button instanceof HTMLAnchorElement ? button.hash : ""));
  // Reported where the button says how it went.
  copied.catch(() => {});
}

/** Keeps the language that a reader chooses, for short links. @param {Event} event */
function rememberLanguage({ target }) {
  const code = target instanceof Element ? target.closest(".kb-languages a")?.getAttribute("lang") : null;
  try {
    if (code) localStorage.setItem("kb-language", code);
  } catch {
    // Short links open the browser's language.
  }
}

const SLOW_AFTER = 10_000;
const RETRY_DELAYS = [3_000, 15_000, 60_000];

/** @type {WeakSet<Element>} */
const started = new WeakSet();
/** How often each module failed to load. @type {Map<string, number>} */
const failures = new Map();
/** When Escape was last pressed, in milliseconds of this page. */
let escaped = -1;

/**
 * The problem text of a component: inside it, in the enclosing component, or elsewhere under the same name; otherwise
 * one is added at its end.
 * @param {HTMLElement} root
 */
function problemOf(root) {
  const found =
    root.querySelector("[data-kb-problem]") ??
    root.parentElement?.closest("[data-kb]")?.querySelector("[data-kb-problem]") ??
    document.querySelector(`[data-kb-problem="${CSS.escape(root.dataset.kb || "none")}"]`);
  return found instanceof HTMLElement ? found : addProblem(root.closest("[data-kb]"));
}

/** @param {Element | null} component */
function addProblem(component) {
  const name = component?.getAttribute("data-kb") ?? "";
  if (!component || !problems[name]) return null;
  const problem = document.createElement("p");
  problem.className = `kb-${name}__problem`;
  problem.dataset.kbProblem = "";
  problem.hidden = true;
  problem.textContent = problems[name];
  component.append(problem);
  return problem;
}

/** @param {HTMLElement | null} problem */
function showProblem(problem) {
  if (!problem) return;
  problem.hidden = false;
  say(problem.innerText.trim());
}

/**
 * @param {string | Component} module
 * @returns {Promise<Component>}
 */
async function load(module) {
  if (typeof module !== "string") return module;
  const failed = failures.get(module) ?? 0;
  try {
    // Browsers cache a failed import by URL.
    return await import(failed ? `${module}?retry=${failed}` : module);
  } catch (error) {
    failures.set(module, failed + 1);
    throw error;
  }
}

/** What search reads first, which the page asks for while the modules that read it are on their way. @type {Map<string, Promise<Response> | undefined>} */
const asked = new Map();

/** Asks for the root of the search index, and for what is pinned. */
function askForData() {
  const { search: root, happening } = document.documentElement.dataset;
  for (const file of [root, happening]) {
    const url = new URL(file ?? "", location.href).href;
    if (!file || asked.has(url)) continue;
    const response = fetch(url);
    asked.set(url, response);
    // Read to the end even if it isn't used, or the connection would stay open. An error reaches the caller.
    response.then((each) => each.clone().arrayBuffer()).catch(() => {});
  }
}

/**
 * What the page has asked for already, once; anything else is fetched.
 * @param {string} url
 * @param {RequestInit} [options]
 */
export function fetchAsked(url, options) {
  const early = asked.get(url);
  if (early) asked.set(url, undefined);
  return early ?? fetch(url, options);
}

/**
 * @param {HTMLElement} root
 * @param {string | Component} module
 * @param {Event} [event] the event that started it; the component handles it too
 * @param {string[]} [soonNeeded] modules it imports, requested at the same time
 * @param {number} [tries] number of earlier tries
 */
async function start(root, module, event, soonNeeded = [], tries = 0) {
  if (started.has(root)) return;
  started.add(root);
  const startedAt = performance.now();
  const problem = problemOf(root);
  const late = setTimeout(() => showProblem(problem), SLOW_AFTER);
  try {
    for (const other of soonNeeded) import(other).catch(() => {});
    if (soonNeeded.length) askForData();
    const component = await load(module);
    clearTimeout(late);
    if (problem) problem.hidden = true;
    await component.start(root, event);
    // Escape was pressed while it was loading.
    if (escaped > startedAt) document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  } catch (error) {
    console.error(error);
    clearTimeout(late);
    started.delete(root);
    showProblem(problem);
    if (!event) retry(root, module, tries);
  }
}

/**
 * Starts a component now that otherwise waits until it is seen; done when it has started, or has failed to load.
 * @param {HTMLElement} root
 */
export async function startNow(root) {
  const found = components.find(([selector]) => root.matches(selector));
  if (found) await start(root, found[2]);
}

/**
 * Components that no click starts are tried again after a delay, and when the connection is back.
 * @param {HTMLElement} root
 * @param {string | Component} module
 * @param {number} tries
 */
function retry(root, module, tries) {
  const again = () => {
    clearTimeout(timer);
    removeEventListener("online", again);
    start(root, module, undefined, undefined, tries + 1);
  };
  const timer = tries < RETRY_DELAYS.length ? setTimeout(again, RETRY_DELAYS[tries]) : 0;
  addEventListener("online", again);
}

/** Shows what works only with scripts, and hides its replacement. */
function revealScripted() {
  // keepUpToDate shows the button that hides an announcement.
  for (const element of document.querySelectorAll("[data-kb-script]:not(.kb-announcement__close)")) element.removeAttribute("hidden");
  for (const element of document.querySelectorAll("[data-kb-no-script]")) element.setAttribute("hidden", "");
  // The role must be set before the box gets focus, which loads its module.
  for (const input of document.querySelectorAll("[data-kb=search] input")) {
    // A search field may not be a combobox (ARIA in HTML), a text field may.
    input.setAttribute("type", "text");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-autocomplete", "list");
  }
}

/** Opens closed details for printing. */
function openForPrint() {
  /** @type {Element[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    for (const details of opened) details.setAttribute("open", "");
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.removeAttribute("open");
  });
}

/** Takes elements whose content fits out of the Tab order: there is nothing to scroll. */
function skipWhatFits() {
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const fits = target.scrollWidth <= target.clientWidth && target.scrollHeight <= target.clientHeight;
      target.setAttribute("tabindex", fits ? "-1" : "0");
    }
  });
  for (const box of document.querySelectorAll("main [tabindex='0']")) sizes.observe(box);
}

revealScripted();
openForPrint();
skipWhatFits();
document.addEventListener("click", copyLink, true);
document.addEventListener("click", rememberLanguage, true);
addEventListener("keydown", ({ key }) => {
  if (key === "Escape") escaped = performance.now();
});
for (const [selector, when, module, soonNeeded] of components) {
  if (when === "load" || when === "seen") {
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && target instanceof HTMLElement) start(target, module, undefined, soonNeeded);
      }
    }, { rootMargin: "100px" });
    for (const root of document.querySelectorAll(selector)) {
      if (when === "seen") seen.observe(root);
      else if (root instanceof HTMLElement) start(root, module, undefined, soonNeeded);
    }
  } else {
    document.addEventListener(when, (event) => {
      const root = event.target instanceof Element ? event.target.closest(selector) : null;
      if (root instanceof HTMLElement) start(root, module, event, soonNeeded);
    });
    const focused = document.activeElement?.closest(selector);
    if (when === "focusin" && focused instanceof HTMLElement) start(focused, module, undefined, soonNeeded);
  }
}
