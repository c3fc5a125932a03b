// What every page starts with. Each component is a module of its own, fetched when it is needed; one that is blocked or
// broken shows its own problem text, stops no other, and is asked for anew at the next click.

/** @typedef {{ start: (root: HTMLElement, event?: Event) => void | Promise<void> }} Component */

/** All that search is made of, asked for at once: one behind the other would be four ways there and back. */
const search = [
  ...["index", "search", "shards", "typos", "words"].map((name) => `./search/${name}.mjs`),
  ...["engine", "results", "words"].map((name) => `./components/search-box/${name}.mjs`),
];

/** @type {[selector: string, when: "load" | "seen" | "click" | "focusin", module: string, soonNeeded?: string[]][]} */
const components = [
  ["[data-kb=showing]", "load", "./components/showing/showing.mjs"],
  ["[data-kb=contact]", "seen", "./components/contact/contact.mjs"],
  ["[data-kb=results]", "load", "./components/search-box/results-page.mjs", search],
  ["[data-kb=nearest]", "load", "./components/nearest/nearest.mjs"],
  ["[data-kb=replies]", "load", "./components/replies/replies.mjs"],
  ["[data-kb=search]", "focusin", "./components/search-box/search-box.mjs", search],
  ["[data-kb=menu]", "click", "./components/header/menu.mjs"],
  ["[data-kb=helped]", "click", "./components/helped/helped.mjs"],
  ["[data-copy], .md-typeset .headerlink", "click", "./components/send/send.mjs"],
];

/** English to the language of the page, for what scripts say; the build fills it in. @type {Record<string, string>} */
const words = {};

/**
 * @param {string} english
 * @param {Record<string, string | number>} [values] what stands for each `{name}`
 */
export function word(english, values = {}) {
  return (words[english] ?? english).replace(/\{(\w+)\}/g, (slot, name) => String(values[name] ?? slot));
}

/** What a component says when its module doesn't come and its page has no text for that. @type {Record<string, string>} */
const problems = {
  search: word("Search could not be loaded. Press Enter to see all answers."),
  send: word("Your browser did not let us copy. The short link stands above."),
};

const said = document.createElement("div");
said.id = "kb-said";
said.className = "kb-for-readers";
said.setAttribute("role", "status");
said.setAttribute("aria-live", "polite");
document.body.append(said);

/**
 * Tells readers who listen what has changed.
 * @param {string} text
 */
export function say(text) {
  said.textContent = text;
}

const PATIENCE = 10_000;
const AGAIN = [3_000, 15_000, 60_000];

/** @type {WeakSet<Element>} */
const started = new WeakSet();
/** How often each module did not come. @type {Map<string, number>} */
const failures = new Map();
/** When Escape was last pressed, in milliseconds of this page. */
let escaped = -1;

/**
 * The text that says what to do instead: in the component, in the one around it, or elsewhere under the same name;
 * else one is put at the component's end.
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
function tell(problem) {
  if (!problem) return;
  problem.hidden = false;
  say(problem.innerText.trim());
}

/**
 * @param {string} module
 * @returns {Promise<Component>}
 */
async function load(module) {
  const failed = failures.get(module) ?? 0;
  try {
    // Browsers remember that an import failed, but only under its address.
    return await import(failed ? `${module}?retry=${failed}` : module);
  } catch (error) {
    failures.set(module, failed + 1);
    throw error;
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} module
 * @param {Event} [event] what made it start; the component handles it too
 * @param {string[]} [soonNeeded] modules it will ask for, fetched at the same time
 * @param {number} [tries] how often it was started before
 */
async function start(root, module, event, soonNeeded = [], tries = 0) {
  if (started.has(root)) return;
  started.add(root);
  const begun = performance.now();
  const problem = problemOf(root);
  const late = setTimeout(() => tell(problem), PATIENCE);
  try {
    for (const other of soonNeeded) import(other).catch(() => {});
    const component = await load(module);
    clearTimeout(late);
    if (problem) problem.hidden = true;
    await component.start(root, event);
    // Who pressed Escape before it had come meant it.
    if (escaped > begun) document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  } catch (error) {
    console.error(error);
    clearTimeout(late);
    started.delete(root);
    tell(problem);
    if (!event) retry(root, module, tries);
  }
}

/**
 * What no click asks for anew is tried again after a while, and when the connection is back.
 * @param {HTMLElement} root
 * @param {string} module
 * @param {number} tries
 */
function retry(root, module, tries) {
  const again = () => {
    clearTimeout(timer);
    removeEventListener("online", again);
    start(root, module, undefined, undefined, tries + 1);
  };
  const timer = tries < AGAIN.length ? setTimeout(again, AGAIN[tries]) : 0;
  addEventListener("online", again);
}

/** What only works with scripts appears with them, and what stands in for it goes. */
function unveil() {
  // An announcement is put away by showing.mjs, which unveils the button for it.
  for (const element of document.querySelectorAll("[data-kb-script]:not(.kb-notice__close)")) element.removeAttribute("hidden");
  for (const element of document.querySelectorAll("[data-kb-no-script]")) element.setAttribute("hidden", "");
  // A screen reader says the role when the box gets focus, which is before its module has come.
  for (const input of document.querySelectorAll("[data-kb=search] input")) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-autocomplete", "list");
  }
}

/** Paper has no way to open what is closed. */
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

unveil();
openForPrint();
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
