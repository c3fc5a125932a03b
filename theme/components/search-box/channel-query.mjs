// Which contact channel a query asks for. No DOM. The same as kb_builder/support/channel_query.py.

/** @typedef {{ kind: string, label: string, address: string, href: string }} Channel */

/** Words for each kind of channel, and those that may stand with them; filled in by the build. @type {Record<string, string[]>} */
const listed = {};

const OTHERS = ["person", "beside", "fillers"];
/** Kinds whose words are said of other channels too. */
const LESS_TELLING = ["phone", "post"];
const FEWEST_DIGITS = 6;
const NATIONAL = 9;

/** @param {string} text */
const words = (text) => text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];

/** @param {string} text */
const digits = (text) => text.replace(/\D/gu, "");

/**
 * The index of the channel that a query names; -1 if it names none.
 * @param {string} query
 * @param {Channel[]} channels in the order in which pages show them
 */
export function channelOf(query, channels) {
  const typed = together(words(query));
  const whole = typed.join(" ");
  const known = new Set(Object.values(listed).flat());
  // “Call 020 7946 0123”: no words beside the number but of channels.
  const other = words(query).some((word) => /\D/u.test(word) && !known.has(word));
  const number = other ? "" : digits(query).slice(-NATIONAL).replace(/^0+/u, "");
  const named = channels.findIndex(({ kind, label, address }) =>
    (whole && [label, address, kind].some((name) => words(name).join(" ") === whole)) ||
    (number.length >= FEWEST_DIGITS && digits(address).endsWith(number)));
  if (named >= 0) return named;
  const kind = typed.every((word) => known.has(word)) ? kindOf(typed) : "";
  if (kind) return channels.findIndex((channel) => channel.kind === kind);
  return asksForPerson(typed) ? channels.findIndex(({ href }) => href) : -1;
}

/** The words typed; what is a word for a channel without the spaces in it is one: “whats app”. @param {string[]} typed */
function together(typed) {
  const names = new Set(Object.keys(listed).flatMap((kind) => (OTHERS.indexOf(kind) > 0 ? [] : listed[kind])));
  const found = [];
  for (let at = 0, size = 1; at < typed.length; at += size) {
    size = [3, 2].find((count) => names.has(typed.slice(at, at + count).join(""))) ?? 1;
    found.push(typed.slice(at, at + size).join(""));
  }
  return found;
}

/** @param {string[]} typed */
function kindOf(typed) {
  let kinds = Object.keys(listed).filter((kind) => !OTHERS.includes(kind) && listed[kind].some((word) => typed.includes(word)));
  for (const less of LESS_TELLING) if (kinds.length > 1) kinds = kinds.filter((kind) => kind !== less);
  return kinds.length === 1 ? kinds[0] : "";
}

/** Whether all words, or the last ones with two of them, ask for somebody to talk to. @param {string[]} typed */
function asksForPerson(typed) {
  const [person = [], ...others] = OTHERS.map((section) => listed[section] ?? []);
  const passed = new Set([...person, ...others.flat()]);
  const before = typed.reduce((last, word, at) => (passed.has(word) ? last : at + 1), 0);
  return typed.slice(before).filter((word) => person.includes(word)).length > (before ? 1 : 0);
}
