// The staff's home page: find an answer, choose a part and a channel, edit the reply, copy it. All of it by keyboard.

import { copy, say, word } from "../../page.mjs";
import { search } from "../search-box/engine.mjs";
import { absolute, make, searchIndex, noResults } from "../search-box/results.mjs";
import { byWords, clean, inOrder, named, withNotes } from "./find.mjs";
import { measure } from "./measure.mjs";

/** @typedef {import("./find.mjs").Article} Article */
/** @typedef {import("./find.mjs").Reply} Reply */

const LIMIT = 12;
const TYPING = 120;

const channels = new Map([
  ["sms", word("SMS")], ["twitter", word("X (Twitter)")], ["facebook", word("Facebook")],
  ["chat", word("Chat")], ["email", word("Email")], ["phone", word("Phone")],
]);

/** @param {{ length: number, segments: number }} size */
function lengthOf({ length, segments }) {
  if (segments === 1) return word("{count} characters", { count: length });
  return [word("{count} characters", { count: length }), word("{count} messages", { count: segments })].join(word(", "));
}

/** A value stored on this device; a browser may refuse. @param {string} key @param {string} [value] */
function remembered(key, value) {
  try {
    if (value !== undefined) localStorage.setItem(`kb-reply-${key}`, value);
    return localStorage.getItem(`kb-reply-${key}`) ?? "";
  } catch {
    return value ?? "";
  }
}

/** @param {string} [address] @returns {Promise<any>} */
async function read(address = "") {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

/** @param {HTMLElement} root */
export async function start(root) {
  const [{ articles, limits }, { notes }] = await Promise.all([root.dataset.replies, root.dataset.notes].map(read));
  new Replies(root, withNotes(articles, notes), limits);
}

class Replies {
  channel = "";
  typing = 0;
  /** @type {Record<string, Reply>} */
  replies = {};
  /** @type {Map<Reply | undefined, string>} texts that were changed by hand since the answer was chosen */
  edited = new Map();

  /**
   * @param {HTMLElement} root
   * @param {Article[]} articles
   * @param {Record<string, number>} limits
   */
  constructor(root, articles, limits) {
    /** @param {string} selector @returns {any} */
    const part = (selector) => root.querySelector(selector);
    this.articles = articles;
    this.limits = limits;
    this.byId = new Map(articles.map((article) => [article.id, article]));
    /** @type {HTMLInputElement} */ this.find = part("#kb--find");
    /** @type {HTMLInputElement} */ this.name = part("#kb--name");
    /** @type {HTMLInputElement} */ this.agent = part("#kb--agent");
    /** @type {HTMLDetailsElement} */ this.keys = part("#kb--keys");
    /** @type {HTMLElement} */ this.count = part("#kb--found");
    /** @type {HTMLElement} */ this.found = part("[data-found]");
    /** @type {HTMLElement} */ this.reply = part("[data-reply]");
    /** @type {HTMLElement} */ this.title = part("#kb--reply");
    /** @type {HTMLAnchorElement} */ this.page = part("[data-page]");
    /** @type {HTMLElement} */ this.sendable = part("[data-sendable]");
    /** @type {HTMLElement} */ this.unsendable = part("[data-unsendable]");
    /** @type {HTMLElement} */ this.note = part("[data-note]");
    /** @type {HTMLSelectElement} */ this.parts = part("#kb--part");
    /** @type {HTMLElement} */ this.tabs = part("[data-tabs]");
    /** @type {HTMLElement} */ this.panel = part("#kb--tabpanel");
    /** @type {HTMLElement} */ this.subject = part("[data-subject]");
    /** @type {HTMLTextAreaElement} */ this.text = part("[data-text]");
    /** @type {HTMLElement} */ this.length = part("[data-length]");
    /** @type {HTMLElement} */ this.warning = part("[data-warning]");
    /** @type {HTMLAnchorElement} */ this.open = part("[data-open]");
    this.name.value = remembered("name");
    this.agent.value = remembered("agent");
    this.channel = remembered("channel");
    this.find.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.list(), TYPING);
    });
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.takeFirst();
      else if (event.key === "ArrowDown") this.found.querySelector("button")?.focus();
      else return;
      event.preventDefault();
    });
    for (const field of [this.name, this.agent]) field.addEventListener("input", () => this.rename());
    this.found.addEventListener("keydown", (event) => this.walk(event));
    this.parts.addEventListener("change", () => this.choosePart());
    this.tabs.addEventListener("keydown", (event) => this.turn(event));
    this.text.addEventListener("input", () => {
      this.edited.set(this.replies[this.channel], this.text.value);
      this.measured();
    });
    part("[data-copy-reply]").addEventListener("click", () => this.copyReply());
    part("[data-copy-link]").addEventListener("click", () => this.copyText(this.article?.url ?? "", word("Link copied")));
    document.addEventListener("keydown", (event) => this.key(event));
    const asked = this.byId.get(new URLSearchParams(location.search).get("reply") ?? "");
    this.list().then(() => {
      if (!asked) return;
      this.fill(asked);
      // Once it is painted: what is below it would move in the frame that scrolls to it.
      requestAnimationFrame(() => requestAnimationFrame(() => this.title.focus()));
    });
    if (!asked) this.find.focus();
  }

  async list() {
    const query = this.find.value.trim();
    const pinned = this.articles.filter((article) => article.pinned);
    let found = query ? byWords(this.articles, query) : [...new Set([...pinned, ...this.articles.filter(({ replies }) => replies)])];
    if (query) {
      try {
        const { hits, corrected } = await search(searchIndex, query, { limit: LIMIT });
        if (query !== this.find.value.trim()) return;
        const ranked = hits.flatMap(({ id }) => this.byId.get(id) ?? []);
        found = inOrder(found, ranked, query, corrected);
      } catch (error) {
        // Titles are enough.
        console.error(error);
      }
    }
    this.count.textContent =
      found.length > LIMIT ? word("{count} answers; the first {shown} are shown", { count: found.length, shown: LIMIT })
      : found.length ? word("{count} found", { count: found.length })
      : noResults(query);
    // The reply to the question before is none to this one. What was changed in it is kept.
    this.reply.hidden = !this.article || !found.length;
    this.found.replaceChildren(
      ...found.slice(0, LIMIT).map((article) => {
        const button = make("button", "kb-replies__choice", article.title);
        if (article.pinned) button.append(" ", make("span", "kb-replies__mark", word("Happening now")));
        if (!article.replies) button.append(" ", make("span", "kb-replies__mark kb-replies__mark--staff", word("Staff only")));
        button.type = "button";
        button.dataset.id = article.id;
        button.setAttribute("aria-pressed", String(article === this.article));
        button.addEventListener("click", () => this.choose(article));
        return button;
      }),
    );
  }

  async takeFirst() {
    clearTimeout(this.typing);
    await this.list();
    this.found.querySelector("button")?.click();
  }

  /** @param {KeyboardEvent} event keys that work wherever no text is typed */
  key(event) {
    const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const tab = this.tabs.querySelectorAll("button")[Number(event.key) - 1];
    const sendable = this.article?.replies && !this.reply.hidden;
    if (event.key === "/") {
      this.find.focus();
      this.find.select();
    } else if (event.key === "?") this.keys.open = !this.keys.open;
    else if (event.key === "c" && sendable) this.copyReply();
    else if (tab && sendable) this.show(tab.dataset.channel ?? "");
    else return;
    event.preventDefault();
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

  /** @param {Article} article */
  choose(article) {
    this.fill(article);
    this.title.focus();
  }

  /** @param {Article} article */
  fill(article) {
    for (const button of this.found.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.id === article.id));
    this.article = article;
    this.edited.clear();
    this.title.textContent = article.title;
    this.page.href = absolute(article.page);
    this.sendable.hidden = !article.replies;
    this.unsendable.hidden = Boolean(article.replies);
    this.note.textContent = article.text ?? "";
    this.parts.replaceChildren(
      new Option(word("The short answer"), ""),
      ...(article.sections ?? []).map(({ heading, anchor }) => new Option(heading, anchor)),
    );
    this.reply.hidden = false;
    if (article.replies) this.choosePart();
  }

  choosePart() {
    const section = this.article?.sections?.find(({ anchor }) => anchor === this.parts.value);
    this.replies = section?.replies ?? this.article?.replies ?? {};
    const names = [...channels.keys()].filter((channel) => channel in this.replies);
    if (!names.includes(this.channel)) this.channel = names[0] ?? "";
    this.tabs.replaceChildren(
      ...names.map((channel) => {
        const tab = make("button", "", channels.get(channel) ?? channel);
        tab.type = "button";
        tab.id = `kb--tab-${channel}`;
        tab.dataset.channel = channel;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", this.panel.id);
        tab.addEventListener("click", () => this.show(channel));
        return tab;
      }),
    );
    this.show(this.channel);
  }

  rename() {
    for (const [key, field] of /** @type {const} */ ([["name", this.name], ["agent", this.agent]])) remembered(key, clean(field.value));
    if (this.article?.replies) this.show(this.channel);
  }

  /** @param {string} channel */
  show(channel) {
    this.channel = channel;
    remembered("channel", channel);
    for (const tab of this.tabs.querySelectorAll("button")) {
      const on = tab.dataset.channel === channel;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    const reply = this.replies[channel];
    const names = { name: clean(this.name.value), agent: clean(this.agent.value) };
    this.panel.setAttribute("aria-labelledby", `kb--tab-${channel}`);
    this.text.value = this.edited.get(reply) ?? (reply ? named(reply, channel, names, this.limits) : "");
    this.subject.hidden = !reply?.subject;
    this.subject.textContent = reply?.subject ? word("Subject: {subject}", { subject: reply.subject }) : "";
    this.measured();
  }

  /** Shows the length of the text as it is, what is wrong with it, and where it can be opened. */
  measured() {
    const reply = this.replies[this.channel];
    const text = this.text.value;
    const size = measure(text, this.channel);
    this.length.textContent = lengthOf(size);
    const limit = this.limits[this.channel];
    const missing = reply?.left_out?.length ?? 0;
    this.warning.textContent =
      limit && size.length > limit ? word("Too long: {limit} at most", { limit })
      : missing ? word("Left out: {sentences}", { sentences: reply?.left_out?.join(" ") ?? "" })
      : "";
    this.text.rows = Math.min(24, Math.max(4, text.split("\n").reduce((rows, line) => rows + 1 + Math.floor(line.length / 70), 0)));
    const body = encodeURIComponent(text);
    const href = { email: `mailto:?subject=${encodeURIComponent(reply?.subject ?? "")}&body=${body}`, sms: `sms:?&body=${body}` }[this.channel];
    this.open.hidden = !href;
    if (href) {
      this.open.href = href;
      this.open.textContent = this.channel === "sms" ? word("Open in SMS") : word("Open in mail");
    }
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

  copyReply() {
    return this.copyText(this.text.value, word("Reply copied"));
  }

  /**
   * @param {string} text
   * @param {string} done
   */
  async copyText(text, done) {
    try {
      await copy(text);
      say(done);
      this.length.textContent = word("Copied");
    } catch {
      this.text.select();
      this.length.textContent = word("Selected: copy it with Ctrl C or ⌘ C");
      say(word("The reply is selected; copy it yourself"));
    }
  }
}
