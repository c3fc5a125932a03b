// The search box as a combobox with a list (WAI-ARIA Authoring Practices, "Editable Combobox With List Autocomplete").

import { chosenSegment, say, word } from "../../page.mjs";
import { whatIsPinned, search, warmUp } from "./engine.mjs";
import { absolute, askWhoIsOpen, counted, fill, contactInstead, make, searchIndex, nothing, remarks, report, noResults } from "./results.mjs";

const LIMIT = 5;
const INPUT_DELAY = 60;
/** Where the last search was not quick: on a slow line, one a letter would keep the last one waiting. */
const SLOW_DELAY = 260;
const QUICK = 200;
/** Letters from which on the word they begin is looked up before typing pauses. */
const TELLING = 3;
const SLOW_AFTER = 2_500;
const ANNOUNCE_DELAY = 1_200;
const MOST_PINS = 5;
const LONGEST_QUERY = 200;

const slowMessage = word("Still searching. The connection seems slow.");

/** @param {HTMLElement} form */
export function start(form) {
  const input = form.querySelector("input");
  if (!(input instanceof HTMLInputElement)) return;
  const panel = make("div", "kb-search__panel");
  panel.dataset.kbPanel = "";
  panel.hidden = true;
  form.append(panel);
  new Box(form, input, panel);
}

class Box {
  /** @type {HTMLAnchorElement[]} */
  options = [];
  active = -1;
  last = "";
  /** @type {AbortController | undefined} */
  running;
  /** Whether the last search has had its answer at once. */
  quick = false;
  typing = 0;
  settled = 0;
  /** @type {Set<string>} */
  reported = new Set();

  /**
   * @param {HTMLElement} form
   * @param {HTMLInputElement} input
   * @param {HTMLElement} panel
   */
  constructor(form, input, panel) {
    this.form = form;
    this.input = input;
    this.panel = panel;
    this.list = make("div", "kb-search__list");
    this.list.id = `${input.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", word("Answers"));
    this.above = make("div", "");
    this.below = make("div", "");
    panel.append(this.above, this.list, this.below);
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.changed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("click", () => this.changed());
    // Selecting text with the mouse must not take focus from the box.
    panel.addEventListener("mousedown", (event) => event.preventDefault());
    form.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node) || !form.contains(event.relatedTarget)) this.close();
    });
    document.addEventListener("click", (event) => {
      // The clicked element may already be removed, so its original path is used.
      if (!event.composedPath().includes(form)) this.close();
    });
    warmUp(searchIndex);
    whatIsPinned(document.documentElement.dataset.happening);
    this.changed();
  }

  get query() {
    return this.input.value.trim().slice(0, LONGEST_QUERY);
  }

  changed() {
    clearTimeout(this.typing);
    if (this.query.length >= TELLING) warmUp(searchIndex, this.query);
    this.typing = setTimeout(() => (this.query ? this.ask(this.query) : this.offer()), this.quick ? INPUT_DELAY : SLOW_DELAY);
  }

  /**
   * @param {string} query
   * @param {boolean} [literal] take the words as typed
   */
  async ask(query, literal = false) {
    this.running?.abort();
    const running = (this.running = new AbortController());
    const started = performance.now();
    this.quick = false;
    const slow = setTimeout(() => !running.signal.aborted && this.wait(), SLOW_AFTER);
    try {
      const results = await search(searchIndex, query, { limit: LIMIT, literal, signal: running.signal });
      if (!results.hits.length) await askWhoIsOpen();
      if (!running.signal.aborted && this.hasFocus()) this.show(query, results);
    } catch (error) {
      if (!running.signal.aborted) throw error;
    } finally {
      clearTimeout(slow);
      if (this.running === running) this.quick = performance.now() - started < QUICK;
    }
  }

  /** Late results must not open the panel after the reader has left the box. */
  hasFocus() {
    return this.form.contains(document.activeElement);
  }

  /**
   * @param {string} query
   * @param {import("./engine.mjs").Results} results
   */
  show(query, results) {
    const { hits } = results;
    const options = hits.map((hit) => fill(make("a", "kb-search__option"), hit, results.words.join(" ")));
    const above = remarks(results, () => {
      this.input.focus();
      this.ask(query, true);
    });
    const failed = !hits.length && (results.problem || results.incomplete);
    const ways = hits.length ? null : failed ? contactInstead() : nothing(query);
    this.fill(above, options, ways ? [ways] : []);
    const [remark] = above;
    const found = hits.length ? counted(hits.length) : failed ? "" : noResults(query);
    this.later(() => {
      say([found, remark?.textContent].filter(Boolean).join(". "));
      if (!hits.length && !failed) this.unanswered(query);
    });
  }

  /** Shows current pins while the box is empty. */
  async offer() {
    this.running?.abort();
    const running = (this.running = new AbortController());
    const all = await whatIsPinned(document.documentElement.dataset.happening);
    if (!all.length) return this.close();
    if (running.signal.aborted || this.query || !this.hasFocus()) return;
    const chosen = chosenSegment();
    const shown = all.filter(
      ({ until, segment }) => Date.now() < Date.parse(until) && (!segment || segment === chosen),
    );
    // As on the home page: the segment's first, each article once.
    shown.sort((one, other) => Number(!one.segment) - Number(!other.segment));
    const pins = shown
      .filter(({ url }, at) => shown.findIndex((other) => other.url === url) === at)
      .slice(0, Math.max(MOST_PINS, shown.filter(({ segment }) => !segment).length));
    if (!pins.length) return this.close();
    const options = pins.map((pin) => {
      const link = make("a", "kb-search__option", make("span", "kb-search__title", pin.title));
      if (pin.band) link.append(make("span", "kb-search__excerpt", pin.band));
      link.href = absolute(pin.url);
      return link;
    });
    this.fill([make("p", "kb-search__message", word("Happening now"))], options);
  }

  /**
   * @param {HTMLElement[]} above
   * @param {HTMLAnchorElement[]} options
   * @param {HTMLElement[]} [below]
   */
  fill(above, options, below = []) {
    options.forEach((option, at) => {
      option.id = `${this.list.id}-${at}`;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
    });
    this.options = options;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.above.replaceChildren(...above);
    this.list.replaceChildren(...options);
    this.list.hidden = !options.length;
    this.below.replaceChildren(...below);
    this.open();
  }

  /** Replaces outdated results while a search is slow. */
  wait() {
    if (!this.hasFocus()) return;
    this.fill([make("p", "kb-search__message kb-search__message--problem", slowMessage)], []);
    say(slowMessage);
  }

  open() {
    this.panel.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
  }

  close() {
    clearTimeout(this.typing);
    clearTimeout(this.settled);
    this.running?.abort();
    this.panel.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  /** @param {number} at index of an option; -1 is the box itself */
  choose(at) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.options[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { key } = event;
    const places = this.options.length + 1;
    if (event.isComposing) return;
    if ((key === "ArrowDown" || key === "ArrowUp") && this.panel.hidden) {
      this.changed();
    } else if (key === "ArrowDown") {
      this.choose(((this.active + 2) % places) - 1);
    } else if (key === "ArrowUp") {
      this.choose(((this.active + 1 + places - 1) % places) - 1);
    } else if (key === "Enter" && this.active >= 0) {
      this.options[this.active]?.click();
    } else if (key === "Escape") {
      // Browsers also clear the box, but with an input event.
      if (this.panel.hidden) this.input.value = "";
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {() => void} act called once typing has paused */
  later(act) {
    clearTimeout(this.settled);
    this.settled = setTimeout(act, ANNOUNCE_DELAY);
  }

  /** @param {string} query a search without result */
  unanswered(query) {
    if (this.reported.has(query)) return;
    this.reported.add(query);
    report(this.form, query);
  }
}
