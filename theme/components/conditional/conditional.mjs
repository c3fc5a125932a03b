// Shows and hides announcements and pins by the browser's clock, the chosen segment and dismissals: a static page is
// read long after its build.

/** @typedef {(english: string) => string} Word */

const CHOSEN = "kb-segment";
const DISMISSED = "kb-dismissed";
const MOST_DISMISSED = 50;
const MOST_PINS = 5;

/** Used while storage is unavailable. @type {Map<string, string>} */
const memory = new Map();
/** The items of each list of pins in build order. @type {WeakMap<HTMLElement, HTMLElement[]>} */
const built = new WeakMap();
let running = false;

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? "";
  } catch {
    return memory.get(key) ?? "";
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function write(key, value) {
  memory.set(key, value);
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden: the value lasts until the page is left.
  }
}

/** The chosen segment, or an empty string. */
export const chosenSegment = () => read(CHOSEN);

const dismissed = () => read(DISMISSED).split("\n").filter(Boolean);

/**
 * @param {HTMLElement} item
 * @param {number} now milliseconds
 */
function isOn(item, now) {
  const { from, until, segment, for: groups, version } = item.dataset;
  if (from && now < Date.parse(from)) return false;
  if (until && now >= Date.parse(until)) return false;
  if (version && dismissed().includes(version)) return false;
  const chosen = chosenSegment();
  if (groups && chosen && !groups.split(" ").includes(chosen)) return false;
  return !segment || "always" in item.dataset || segment === chosen;
}

/**
 * @param {string} selector
 * @param {(element: HTMLElement) => void} act
 */
function each(selector, act) {
  for (const element of document.querySelectorAll(selector)) if (element instanceof HTMLElement) act(element);
}

/**
 * The chosen segment's pins first, each article once, limited to MOST_PINS.
 * @param {HTMLElement} list
 * @param {string} chosen
 */
function orderPins(list, chosen) {
  const items = built.get(list) ?? /** @type {HTMLElement[]} */ ([...list.children]);
  built.set(list, items);
  const own = (/** @type {HTMLElement} */ item) => chosen !== "" && item.dataset.segment === chosen;
  const wanted = [...items.filter(own), ...items.filter((item) => !own(item))];
  // Moving a node loses focus, so nothing is moved that is already in place.
  if (wanted.some((item, at) => item !== list.children[at])) {
    const focused = document.activeElement;
    list.append(...wanted);
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
  }
  // trending.yml may ask for more slots.
  const most = Math.max(MOST_PINS, items.filter((item) => !item.dataset.segment || "always" in item.dataset).length);
  const shown = new Set();
  for (const item of wanted) {
    const article = item.querySelector("a")?.href;
    if (shown.has(article) || shown.size >= most) item.hidden = true;
    if (!item.hidden) shown.add(article);
  }
}

function update() {
  const now = Date.now();
  const chosen = chosenSegment();
  each("[data-kb-when]", (item) => {
    item.hidden = !isOn(item, now);
  });
  each(".kb-happening__list", (list) => orderPins(list, chosen));
  each("[data-kb-group]", (group) => {
    group.hidden = !group.querySelector("[data-kb-when]:not([hidden])");
  });
  each("[data-kb-after]", (words) => {
    words.hidden = now < Date.parse(words.dataset.kbAfter ?? "");
  });
  each("[data-kb-empty]", (words) => {
    words.hidden = document.querySelector("main [data-kb-group]:not([hidden])") !== null;
  });
  each("a[data-choose]", (link) => {
    if (link.dataset.choose === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  each(".kb-segments [data-forget]", (button) => {
    button.hidden = !chosen;
  });
  each("[data-chosen]", (line) => {
    const here = line.dataset.chosen === chosen;
    line.classList.add("kb-chosen-segment--known");
    line.hidden = false;
    line.querySelector("[data-if-chosen]")?.toggleAttribute("hidden", !here);
    line.querySelector("[data-if-not]")?.toggleAttribute("hidden", here);
  });
}

/**
 * What to announce after a click, if anything.
 * @param {Event} event
 * @param {Word} word
 */
function act(event, word) {
  if (!(event.target instanceof Element)) return "";
  const close = event.target.closest(".kb-announcement__close");
  const choose = event.target.closest("[data-choose]");
  const notice = close?.closest("[data-version]");
  if (notice instanceof HTMLElement) {
    write(DISMISSED, [notice.dataset.version, ...dismissed()].slice(0, MOST_DISMISSED).join("\n"));
    update();
    document.getElementById("kb--content")?.focus({ preventScroll: true });
    return word("Announcement hidden");
  }
  if (choose instanceof HTMLElement) {
    write(CHOSEN, choose.dataset.choose ?? "");
    return settle(choose, "[data-if-chosen] button", word);
  }
  if (event.target.closest("[data-forget]")) {
    write(CHOSEN, "");
    return settle(event.target, "[data-if-not] button, .kb-segments__link", word);
  }
  return "";
}

/**
 * After a choice the pressed button may be hidden: focus moves to the one that replaces it.
 * @param {Element} pressed
 * @param {string} next
 * @param {Word} word
 */
function settle(pressed, next, word) {
  update();
  if (!(pressed instanceof HTMLButtonElement) || pressed.checkVisibility()) return "";
  const replacement = document.querySelector(next);
  if (replacement instanceof HTMLElement) replacement.focus();
  return chosenSegment() ? word("The home page shows these updates too.") : word("The home page shows updates for everyone.");
}

/**
 * Keeps announcements and pins up to date while the page is open.
 * @param {(text: string) => void} say announces to screen readers
 * @param {Word} word translates
 */
export function keepUpToDate(say, word) {
  update();
  if (running) return;
  running = true;
  each(".kb-announcement__close", (button) => {
    button.hidden = false;
  });
  setInterval(update, 30_000);
  document.addEventListener("visibilitychange", update);
  document.addEventListener("click", (event) => {
    const said = act(event, word);
    if (said) say(said);
  });
}
