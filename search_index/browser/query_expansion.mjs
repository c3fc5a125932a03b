// Query expansion: the words of the index that a word of the query may stand for. The same as query_expansion.py.

import { SHORTEST_PART, beginnings, parts } from "./compounds.mjs";
import { inOrder } from "./shards.mjs";
import { allowedEdits, bases, inflections, keptEnds, nearest, swapped } from "./typos.mjs";
import { fold } from "./words.mjs";

/** @typedef {import("./shards.mjs").Shards} Shards */
/** @typedef {import("./records.mjs").Entry} Entry */
/**
 * How an entry came from a word of the query. @typedef {"exact" | "accent" | "prefix" | "inflected" | "typo" | "split" | "joined" | "synonym"
 * | "part" | "compound"} Kind
 * What the slots `start` to `end` (exclusive) may stand for: a document needs all `groups`. `weight` is of 256. `place` is
 * the bit of the exact form, which gets a bonus; -1 if any form of the group will do. `absent`: no document has the word,
 * which counts by its synonyms and learned weights only.
 * @typedef {{start: number, end: number, groups: number[], weight: number, kind: Kind, place: number,
 *   formRarity: number, absent: boolean, learned: boolean}} Expansion
 * A query after expansion. `slots`: its words without stop words, or all of them when there are no others. `known`: all
 * expansions, of absent words too. `replaced`: each mistyped word with the form it was taken for.
 * @typedef {Awaited<ReturnType<typeof expand>>} Expanded
 */

// Weight of a word, of 256, by the kind of its expansion. Synonyms bring their own weight.
const EXACT = 256;
const ACCENT = 250;
const INFLECTED = 235;
const JOINED = 300;
const PREFIX = 205;
const TYPO = 200;
const TWO_TYPOS = 150;
const ALL_PARTS = 215;
const MAIN_PART = 160;
const OTHER_PART = 100;
const LONGER = 190;
/** Letters that the first part of an unknown compound is looked up by, and those that a longer word has before it. */
const BEGINNING = 3;
/** Groups at most: for the beginning of a word, and for a typo or an unseen inflection. */
const PREFIXES = 12;
const TYPOS = 4;
/** Difference of rarities at which one word is about four times as frequent as another. */
const MUCH_RARER = 12;
/** The kinds of expansion that are the word meant: they have synonyms and learned weights. @type {Kind[]} */
export const MEANT = ["exact", "accent", "inflected", "typo"];

/**
 * The entries of each word of a query. Where its typos are looked for, and what ranking needs of it, is asked for as well.
 * @param {Shards} shards
 * @param {ReturnType<typeof import("./words.mjs").parse>} query
 * @param {boolean} [literal]
 */
export function lookUp(shards, query, literal) {
  return Promise.all(
    query.unique.map(async (word) => {
      const key = fold(word);
      shards.fetchEarly(key, word === query.last);
      const [near] = await Promise.all([shards.entries(key), literal || !allowedEdits(key) ? 0 : shards.prepare(key)]);
      // Requested here, these arrive while other words are looked up.
      for (const { form, group, absent, stop } of near) {
        if (form === word && !absent && (!stop || shards.hasLearned)) shards.postings(group);
      }
      return /** @type {const} */ ([word, near]);
    }),
  );
}

/**
 * Expands a query. Shards are requested in parallel wherever possible, because each round of requests takes half a second
 * on a slow line. Rejects with a `ShardError` when one can't be read.
 * @param {Shards} shards
 * @param {ReturnType<typeof import("./words.mjs").parse>} query
 * @param {boolean} literal every word as typed: no typo is forgiven
 */
export async function expand(shards, query, literal) {
  const pairs = query.every.slice(1).map((word, at) => [query.every[at], word]);
  const asOne = literal ? [] : pairs.filter((pair) => !pair.some((word) => query.quoted.has(word)));
  const written = Promise.all(asOne.map((pair) => shards.entries(fold(pair.join("")))));
  const entries = new Map(await lookUp(shards, query, literal));

  /** @param {string} word */
  const typedEntry = (word) => entries.get(word)?.find((entry) => entry.form === word);
  const content = query.unique.filter((word) => !typedEntry(word)?.stop);
  const slots = content.length ? content : query.unique;
  /** @type {Map<string, string>} */
  const replaced = new Map();
  const [perSlot, together] = await Promise.all([
    Promise.all(
      slots.map(async (word, at) => {
        const own = await expansionsOf(word, at);
        for (const { groups, absent } of own) if (!absent) groups.forEach((group) => shards.postings(group));
        return own;
      }),
    ),
    joined(),
  ]);
  const known = perSlot.flat();
  if (!literal) known.push(...together, ...synonyms());
  return { slots, known, replaced, typedEntry };

  /**
   * All expansions of one word but synonyms. Guesses (inflections, typos, halves) only where surer kinds found nothing.
   * @param {string} word
   * @param {number} at the number of its slot
   * @returns {Promise<Expansion[]>}
   */
  async function expansionsOf(word, at) {
    /** @type {Expansion[]} */
    const found = [];
    const typed = typedEntry(word);
    if (typed) found.push(expansion(at, [typed], EXACT, "exact"));
    if (query.quoted.has(word)) return found;
    for (const entry of entries.get(word) ?? []) {
      if (entry.form !== word) found.push(expansion(at, [entry], scaled(ACCENT, typed, entry), "accent", true));
    }
    found.push(...partsOf(at, entries.get(word) ?? []));
    const first = /** @type {number} */ (word.codePointAt(0));
    if (word === query.last && (Array.from(word).length > 1 || first > 0x0e00)) {
      found.push(...(await prefixes(word, at, typed)));
    }
    if (found.every((expansion) => expansion.absent)) {
      const [others, close] = await Promise.all([inflected(word, at), typed || literal ? [] : oneTypo(word, at)]);
      found.push(...others);
      if (found.length) found.push(...close);
    }
    if (typed && !literal && mayBeTypo(typed)) found.push(...(await oneTypo(word, at, typed.rarity - MUCH_RARER)));
    if (!found.length) found.push(...(await writtenTogether(word, at, true)));
    if (!found.length && !literal) {
      const { edits, meant } = await nearWords(word);
      found.push(...typos(at, edits, meant));
      const halves = edits !== 1 && /\D/.test(word) ? await split(word, at) : null;
      if (halves) found.push(...halves.expansions);
      if (found.length) replaced.set(word, meant[0]?.form ?? halves?.form ?? "");
    }
    if (!found.length) found.push(...(await writtenTogether(word, at, false)));
    if (!found.length && Array.from(word).length > 3) found.push(...(await prefixes(word, at, typed)));
    return found;
  }

  /** Words that start with this one. @param {string} word @param {number} at @param {Entry | undefined} typed */
  async function prefixes(word, at, typed) {
    const key = fold(word);
    const longer = (await shards.entriesFrom(key)).filter((entry) => entry.key !== key && standsIn(entry));
    return oneAGroup(longer).slice(0, PREFIXES).map((entry) => expansion(at, [entry], scaled(PREFIX, typed, entry), "prefix"));
  }

  /** Other forms of an unknown word, by its base and the endings of the language. @param {string} word @param {number} at */
  async function inflected(word, at) {
    const key = fold(word);
    /** @type {Set<string>} */
    const own = new Set();
    const ranges = shards.beginnings.filter((beginning) => key.startsWith(beginning)).map((beginning) => {
      const bare = key.slice(beginning.length);
      const left = [...bases(bare, shards.endings)];
      left.forEach((base) => own.add(base));
      const start = Math.min(...left.map((base) => Array.from(base).length));
      return left.length ? shards.entriesFrom(Array.from(bare).slice(0, start).join("")) : [];
    });
    const telling = [...new Set((await Promise.all(ranges)).flat())].filter((entry) => !entry.stop);
    for (const these of [telling.filter(standsIn), telling]) {
      const meant = new Set(inflections(own, these.map((entry) => entry.key), shards.endings));
      const best = oneAGroup(these.filter((entry) => meant.has(entry.key))).slice(0, TYPOS);
      if (best.length) {
        return [...best.map((entry) => expansion(at, [entry], INFLECTED, "inflected", true)), ...partsOf(at, best)];
      }
    }
    return [];
  }

  /**
   * What an unknown compound is made of, as a whole or only in part; or compounds that start or end with the word.
   * @param {string} word
   * @param {number} at
   * @param {boolean} whole
   * @returns {Promise<Expansion[]>}
   */
  async function writtenTogether(word, at, whole) {
    const key = fold(word);
    if (!shards.links.length || key.length < SHORTEST_PART) return [];
    const [near, ending, longer] = await Promise.all([
      shards.entriesFrom(key.slice(0, BEGINNING)),
      shards.entriesEnding(key.slice(-SHORTEST_PART)),
      whole ? longerThan(key) : [],
    ]);
    if (longer.length) return longer.slice(0, PREFIXES).map((entry) => expansion(at, [entry], LONGER, "compound", true));
    const starts = beginnings(near.filter(standsIn).map((entry) => entry.key), shards.links);
    const own = parts(key, starts, new Set(ending.map((entry) => entry.key)), shards.links);
    if (own.whole !== whole) return [];
    const found = await Promise.all(own.found.map((part) => shards.entries(part)));
    return partsAt(at, found.flatMap((entries) => entries.find(standsIn)?.group ?? []));
  }

  /** Compounds that start or end with a word. @param {string} key */
  async function longerThan(key) {
    const [starting, others] = await Promise.all([shards.entriesFrom(key), shards.entriesEnding(key)]);
    const ending = others.filter((other) => other.key.length - key.length >= BEGINNING);
    const shortest = [...new Set(ending.map((other) => other.key))]
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
      .slice(0, TYPOS);
    return oneAGroup([...starting, ...ending.filter((other) => shortest.includes(other.key))].filter(standsIn));
  }

  /**
   * The words that a mistyped one was meant for, the likeliest first, and how many edits away they are.
   * @param {string} word
   * @returns {Promise<{edits: number, meant: Entry[]}>}
   */
  async function nearWords(word) {
    const key = fold(word);
    if (!allowedEdits(key)) return { edits: 0, meant: [] };
    const [start, end] = keptEnds(key);
    const [same, other] = await Promise.all([
      shards.entriesFrom(start),
      Array.from(key).length === 4 ? shards.entries(swapped(key)) : [],
    ]);
    let candidates = same.concat(other).filter((entry) => !entry.learned);
    let { edits, found } = nearest(key, candidates.map((entry) => entry.key));
    if (edits > 1) {
      candidates = candidates.filter((entry) => !entry.absent).concat(await shards.entriesEnding(end));
      ({ edits, found } = nearest(key, candidates.map((entry) => entry.key)));
    }
    const meant = candidates.filter((entry) => found.includes(entry.key) && !entry.stop);
    const present = meant.filter((entry) => !entry.absent);
    return { edits, meant: oneAGroup(present.length ? present : meant).slice(0, TYPOS) };
  }

  /**
   * Words one edit from an unknown one, beside those that share its base; or from a rare one, that many more documents have.
   * @param {string} word
   * @param {number} at
   * @param {number} [rarest] of what is found
   */
  async function oneTypo(word, at, rarest = 255) {
    const { edits, meant } = await nearWords(word);
    return edits === 1 ? typos(at, edits, meant.filter((entry) => entry.rarity <= rarest)) : [];
  }

  /** Whether a single document has a word, and no title or phrasing does. @param {Entry} entry */
  function mayBeTypo({ absent, rarity, formRarity }) {
    const rarest = Math.round(8 * Math.log1p((shards.count - 0.5) / 1.5));
    return !absent && formRarity > rarity && rarity >= Math.min(255, rarest);
  }

  /** A word that is two words of the index without their space. @param {string} word @param {number} at */
  async function split(word, at) {
    const key = Array.from(fold(word));
    /** A stop word of two letters, or a word of some document of three or with a digit. @param {string[]} letters */
    const half = async (letters) =>
      (await shards.entries(letters.join(""))).find(({ form, stop, absent }) =>
        stop ? letters[1] : !absent && (letters[2] || /\d/.test(form)),
      );
    const [digits] = /** @type {RegExpMatchArray} */ (word.match(/^\d*/));
    // A number in front that no document has says as little as a stop word.
    const unknown = /** @type {Entry} */ ({ form: digits, stop: true });
    const lefts = await Promise.all(
      key.map(async (_, cut) => (await half(key.slice(0, cut))) ?? (cut === digits.length && unknown)),
    );
    const rights = await Promise.all(lefts.map((left, cut) => left && half(key.slice(cut))));
    for (let cut = key.length; --cut > 0; ) {
      const [left, right] = [lefts[cut], rights[cut]];
      if (!left || !right) continue;
      const telling = [left, right].filter((entry) => !entry.stop);
      if (telling.length) {
        const expansions = [expansion(at, telling, JOINED, "split", true)];
        if (cut === digits.length && telling[1]) expansions.push(expansion(at, [right], MAIN_PART, "part", true));
        return { expansions, form: `${left.form} ${right.form}` };
      }
    }
    return null;
  }

  /** Neighbouring words of the query that the index has as one word. */
  async function joined() {
    /** @type {Expansion[]} */
    const found = [];
    for (const [at, same] of (await written).entries()) {
      const pair = asOne[at];
      const covered = slots.flatMap((word, slot) => (pair.includes(word) ? [slot] : []));
      const last = covered.at(-1) ?? -1;
      if (last < 0 || last - covered[0] > 1) continue;
      for (const entry of same.filter((entry) => !entry.absent)) {
        found.push({ ...expansion(covered[0], [entry], JOINED, "joined"), end: last + 1 });
      }
    }
    return found;
  }

  /** Synonyms of runs of slots; words in quotes have none. @returns {Expansion[]} */
  function synonyms() {
    const meant = slots.map((word, at) =>
      query.quoted.has(word)
        ? new Set()
        : new Set(known.filter((expansion) => MEANT.includes(expansion.kind) && expansion.start === at).map((expansion) => expansion.groups[0])),
    );
    return shards.synonyms.flatMap(({ phrase, others, weight }) =>
      slots.flatMap((_, at) =>
        at + phrase.length <= slots.length && phrase.every((group, step) => meant[at + step].has(group))
          ? [reading(at, at + phrase.length, others, weight, "synonym")]
          : [],
      ),
    );
  }
}

/**
 * An expansion of one slot into entries that a document must all have.
 * @param {number} at
 * @param {Entry[]} meant
 * @param {number} weight
 * @param {Kind} kind
 * @param {boolean} [any] whether any form of the group will do
 * @returns {Expansion}
 */
function expansion(at, meant, weight, kind, any = false) {
  const groups = meant.map((entry) => entry.group);
  const { place, formRarity, absent, learned } = meant[0];
  return { ...reading(at, at + 1, groups, weight, kind), place: any ? -1 : place, formRarity, absent, learned };
}

/**
 * Expansions of a mistyped word, weighed by its edits.
 * @param {number} at
 * @param {number} edits
 * @param {Entry[]} meant
 */
function typos(at, edits, meant) {
  return meant.map((entry) => expansion(at, [entry], edits === 1 ? TYPO : TWO_TYPOS, "typo"));
}

/**
 * The parts of the first compound among words.
 * @param {number} at
 * @param {Entry[]} entries
 */
function partsOf(at, entries) {
  return partsAt(at, entries.find((entry) => entry.parts.length)?.parts ?? []);
}

/**
 * All parts, and each alone: the last one is what a compound is, and counts for more than the others.
 * @param {number} at
 * @param {number[]} groups
 * @returns {Expansion[]}
 */
function partsAt(at, groups) {
  const alone = groups.map((group, number) =>
    reading(at, at + 1, [group], number + 1 < groups.length ? OTHER_PART : MAIN_PART, "part"),
  );
  return groups.length > 1 ? [reading(at, at + 1, groups, ALL_PARTS, "part"), ...alone] : alone;
}

/**
 * An expansion for which any form of its groups will do.
 * @param {number} start
 * @param {number} end
 * @param {number[]} groups
 * @param {number} weight
 * @param {Kind} kind
 * @returns {Expansion}
 */
function reading(start, end, groups, weight, kind) {
  return { start, end, groups, weight, kind, place: -1, formRarity: 0, absent: false, learned: false };
}

/**
 * The weight of an entry that was not typed. A rarer word scores higher, so its weight is lowered by as much.
 * @param {number} weight
 * @param {Entry | undefined} typed
 * @param {Entry} found
 */
function scaled(weight, typed, found) {
  return typed && found.rarity > typed.rarity ? Math.floor((weight * typed.rarity) / found.rarity) : weight;
}

/**
 * The commonest words first, one of each group.
 * @param {Entry[]} entries
 */
function oneAGroup(entries) {
  /** @type {Map<number, Entry>} */
  const found = new Map();
  for (const entry of [...entries].sort((a, b) => a.rarity - b.rarity || inOrder(a.form, b.form))) {
    if (!found.has(entry.group)) found.set(entry.group, entry);
  }
  return [...found.values()];
}

/**
 * Whether a word that was not typed may stand in for one: it says something, and some document has it.
 * @param {Entry} entry
 */
function standsIn(entry) {
  return !entry.stop && !entry.absent;
}
