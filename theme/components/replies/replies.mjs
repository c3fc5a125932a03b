// The staff page: find an answer, choose a part of it, take the reply for a channel. All of it by keyboard.

import { say, word } from "../../page.mjs";
import { search } from "../search-box/engine.mjs";
import { make, manifest } from "../search-box/results.mjs";
import { byTitle } from "./find.mjs";

/** @typedef {import("./find.mjs").Article} Article */
/** @typedef {import("./find.mjs").Reply} Reply */

const LIMIT = 12;
const TYPING = 120;

const channels = new Map([
  ["phone", word("Phone")], ["chat", word("Chat")], ["sms", word("SMS")],
  ["email", word("Email")], ["twitter", word("X (Twitter)")], ["facebook", word("Facebook")],
]);

/** @param {Reply} reply */
function lengthOf({ length, segments }) {
  if (segments === 1) return word("{count} characters", { count: length });
  return word("{count} characters, {messages} messages", { count: length, messages: segments });
}

/** @param {HTMLElement} root */
export async function start(root) {
  const answer = await fetch(root.dataset.replies ?? "");
  if (!answer.ok) throw new Error(`the replies answered ${answer.status}`);
  /** @type {{ articles: Article[] }} */
  const { articles } = await answer.json();
  new Replies(root, articles);
}

class Replies {
  channel = "";
  typing = 0;
  /** @type {Record<string, Reply>} */
  replies = {};

  /**
   * @param {HTMLElement} root
   * @param {Article[]} articles
   */
  constructor(root, articles) {
    /** @param {string} selector @returns {any} */
    const part = (selector) => root.querySelector(selector);
    this.articles = articles;
    this.byId = new Map(articles.map((article) => [article.id, article]));
    /** @type {HTMLInputElement} */ this.find = part("#kb-find");
    /** @type {HTMLElement} */ this.count = part("#kb-found");
    /** @type {HTMLElement} */ this.found = part("[data-found]");
    /** @type {HTMLElement} */ this.reply = part("[data-reply]");
    /** @type {HTMLElement} */ this.title = part("#kb-reply");
    /** @type {HTMLSelectElement} */ this.parts = part("#kb-part");
    /** @type {HTMLElement} */ this.tabs = part("[data-tabs]");
    /** @type {HTMLElement} */ this.panel = part("#kb-tabpanel");
    /** @type {HTMLElement} */ this.text = part("[data-text]");
    /** @type {HTMLElement} */ this.length = part("[data-length]");
    this.find.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.list(), TYPING);
    });
    this.find.addEventListener("keydown", (event) => {
      const first = this.found.querySelector("button");
      if (event.key === "Enter") first?.click();
      else if (event.key === "ArrowDown") first?.focus();
      else return;
      event.preventDefault();
    });
    this.found.addEventListener("keydown", (event) => this.walk(event));
    this.parts.addEventListener("change", () => this.choosePart());
    this.tabs.addEventListener("keydown", (event) => this.turn(event));
    part("[data-copy-reply]").addEventListener("click", () => this.copy());
    this.list();
  }

  async list() {
    const query = this.find.value.trim();
    let found = byTitle(this.articles, query);
    if (query) {
      try {
        const { hits } = await search(manifest, query, { limit: LIMIT });
        if (query !== this.find.value.trim()) return;
        const ranked = hits.flatMap(({ id }) => this.byId.get(id) ?? []);
        found = [...new Set([...ranked, ...found])];
      } catch (error) {
        // Titles are enough to go on with.
        console.error(error);
      }
    }
    this.count.textContent = found.length > LIMIT ? word("{count} answers; the first {shown} are shown", { count: found.length, shown: LIMIT }) : word("{count} found", { count: found.length });
    this.found.replaceChildren(
      ...found.slice(0, LIMIT).map((article) => {
        const button = make("button", "kb-replies__choice", article.title);
        button.type = "button";
        button.setAttribute("aria-pressed", "false");
        button.addEventListener("click", () => this.choose(article, button));
        return button;
      }),
    );
  }

  /** @param {KeyboardEvent} event arrow keys go through the answers found */
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.found.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement) + step;
    (at < 0 ? this.find : buttons[Math.min(at, buttons.length - 1)])?.focus();
    event.preventDefault();
  }

  /**
   * @param {Article} article
   * @param {HTMLButtonElement} button
   */
  choose(article, button) {
    for (const other of this.found.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    this.article = article;
    this.title.textContent = article.title;
    this.parts.replaceChildren(
      new Option(word("The short answer"), ""),
      ...article.sections.map(({ heading, anchor }) => new Option(heading, anchor)),
    );
    this.reply.hidden = false;
    this.choosePart();
    this.title.focus();
  }

  choosePart() {
    const section = this.article?.sections.find(({ anchor }) => anchor === this.parts.value);
    this.replies = section?.replies ?? this.article?.replies ?? {};
    const names = Object.keys(this.replies);
    if (!names.includes(this.channel)) this.channel = names[0] ?? "";
    this.tabs.replaceChildren(
      ...names.map((channel) => {
        const tab = make("button", "", channels.get(channel) ?? channel);
        tab.type = "button";
        tab.id = `kb-tab-${channel}`;
        tab.dataset.channel = channel;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", this.panel.id);
        tab.addEventListener("click", () => this.show(channel));
        return tab;
      }),
    );
    this.show(this.channel);
  }

  /** @param {string} channel */
  show(channel) {
    this.channel = channel;
    for (const tab of this.tabs.querySelectorAll("button")) {
      const on = tab.dataset.channel === channel;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    const reply = this.replies[channel];
    this.panel.setAttribute("aria-labelledby", `kb-tab-${channel}`);
    this.text.textContent = reply?.text ?? "";
    this.length.textContent = reply ? lengthOf(reply) : "";
  }

  /** @param {KeyboardEvent} event arrow keys, Home and End go through the tabs */
  turn(event) {
    const tabs = [...this.tabs.querySelectorAll("button")];
    const at = tabs.findIndex((tab) => tab.dataset.channel === this.channel);
    const rtl = getComputedStyle(this.tabs).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!tab) return;
    this.show(tab.dataset.channel ?? "");
    tab.focus();
    event.preventDefault();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.replies[this.channel]?.text ?? "");
      say(word("Reply copied"));
      this.length.textContent = word("Copied");
    } catch {
      getSelection()?.selectAllChildren(this.text);
      this.length.textContent = word("Selected: copy it with Ctrl C or ⌘ C");
      say(word("The reply is selected; copy it yourself"));
    }
  }
}
