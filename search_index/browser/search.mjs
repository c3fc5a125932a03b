// One query against one index: query expansion, then scoring. The same as search_index/reader.py.

import { codesOfQuery } from "./codes.mjs";
import { SHORTEST_PART, beginnings, parts } from "./compounds.mjs";
import { allowedEdits, bases, inflections, keptEnds, nearest } from "./typos.mjs";
import { fingerprint, fold, parse, words } from "./words.mjs";

/** @typedef {import("./shards.mjs").Shards} Shards */
/** @typedef {import("./shards.mjs").Entry} Entry */
/** @typedef {import("./shards.mjs").Postings} Postings */
/**
 * How a word was found. @typedef {"exact" | "accent" | "prefix" | "inflected" | "typo" | "split" | "joined" | "synonym"
 * | "part" | "compound"} Kind
 * One reading of the slots `start` to `end`. `place` is the bit of the exact form, -1 for any.
 * @typedef {{start: number, end: number, groups: number[], weight: number, kind: Kind, place: number,
 *   formRarity: number, absent: boolean, learned: boolean}} Expansion
 * @typedef {{id: string, title: string, url: string, section: string, sectionHeading: string, excerpt: string,
 *   score: number, confidence: number}} Hit
 */

const EXACT = 256;
const ACCENT = 250;
const INFLECTED = 235;
const JOINED = 240;
const PREFIX = 205;
const TYPO = 200;
const TWO_TYPOS = 150;
const ALL_PARTS = 215;
const MAIN_PART = 160;
const OTHER_PART = 100;
const LONGER = 190;
/** Letters that the first part of an unknown compound is looked up by, and those that a longer word has before it. */
const BEGINNING = 3;
const BONUS = 80;
const LEARNED_SHARE = 280_000;
const LEARNED_FROM = 2;
const PAIR_WINDOW = 3;
const PREFIXES = 12;
const TYPOS = 4;
const MUCH_RARER = 12;
const PINNED = 64;
const EXACT_TITLE = 10_000_000;
const EXACT_CODE = 1_000_000;
const CODE_CONFIDENCE = 0.9;
/** An article with less than this fraction (1/4) of the best score is no result. */
const FLOOR = 4;
/** The kinds of expansion that have synonyms. @type {Kind[]} */
const MEANT = ["exact", "accent", "inflected"];
const STEPS = [64, 70, 76, 83, 91, 99, 108, 117];

/** @param {number} code */
const level = (code) => STEPS[code & 7] << (code >> 3);

/**
 * @param {Shards} shards
 * @param {string} text
 * @param {number} limit
 * @param {boolean} literal every word as typed: no typo is forgiven
 * @param {number[]} pinned documents that trend today
 * @returns {Promise<{corrected: string, words: string[], hits: Hit[]}>}
 */
export async function search(shards, text, limit, literal, pinned) {
  const query = parse(text, shards.eliding);
  /** @type {Map<string, Entry[]>} */
  const entries = new Map();
  const found = await Promise.all(
    query.unique.map(async (word) => {
      const [near] = await Promise.all([shards.entries(fold(word)), literal ? 0 : shards.prepare(keptEnds(fold(word))[0])]);
      // Its postings travel while other words are looked for.
      for (const { form, group, absent, stop } of near) {
        if (form === word && !absent && (!stop || shards.hasLearned)) shards.postings(group);
      }
      return near;
    }),
  );
  query.unique.forEach((word, at) => entries.set(word, found[at]));

  /** @param {string} word */
  const typedEntry = (word) => entries.get(word)?.find((entry) => entry.form === word);
  /** The group of a word as typed; -1 if there is nothing of it in the index. @param {string} word */
  const typedGroup = (word) => {
    const entry = typedEntry(word);
    return entry && (entry.learned || !entry.absent) ? entry.group : -1;
  };
  const content = query.unique.filter((word) => !typedEntry(word)?.stop);
  const slots = content.length ? content : query.unique;
  /** @type {Map<string, string>} */
  const replaced = new Map();

  // What can be fetched at the same time is: each round of requests costs a slow line half a second.
  const [perSlot, together] = await Promise.all([
    Promise.all(slots.map((word, at) => expansionsOf(word, at))),
    literal ? [] : joined(),
  ]);
  const known = perSlot.flat();
  if (!literal) known.push(...together, ...synonyms());
  const expansions = known.filter((expansion) => !expansion.absent);
  const loaded = await load();
  const { total, matched } = score();
  for (const phrase of query.phrases) {
    const having = await documentsWith(phrase);
    total.forEach((value, document) => (total[document] = having.has(document) ? Math.max(value, 1) : 0));
  }
  const [codes, titles] = await Promise.all([withCodes(), titled()]);
  for (const document of codes) total[document] = Math.max(total[document], 1) + EXACT_CODE;
  for (const document of titles) total[document] += EXACT_TITLE;
  const plain = total.map((value) => value % EXACT_CODE);
  const best = [...plain].sort((left, right) => right - left).slice(0, 3);
  return { corrected: corrected(), words: slots.map((word) => replaced.get(word) ?? word), hits: await hits() };

  /**
   * @param {string} word
   * @param {number} at
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
    if (typed && !literal && mayBeTypo(typed)) found.push(...(await moreFrequent(word, at, typed)));
    if (!found.length) found.push(...(await writtenTogether(word, at, true)));
    if (!found.length && !literal) {
      const [[meant, forms], parts] = await Promise.all([typos(word, at), split(word, at)]);
      found.push(...meant, ...parts.expansions);
      if (found.length) replaced.set(word, forms[0] ?? parts.form);
    }
    if (!found.length) found.push(...(await writtenTogether(word, at, false)));
    if (!found.length && Array.from(word).length > 3) found.push(...(await prefixes(word, at, typed)));
    return found;
  }

  /** @param {string} word @param {number} at @param {Entry | undefined} typed */
  async function prefixes(word, at, typed) {
    const key = fold(word);
    const longer = (await shards.entriesFrom(key)).filter((entry) => entry.key !== key && standsIn(entry));
    return oneAGroup(longer).slice(0, PREFIXES).map((entry) => expansion(at, [entry], scaled(PREFIX, typed, entry), "prefix"));
  }

  /** @param {string} word @param {number} at */
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
      shards.keysEnding(key.slice(-SHORTEST_PART)),
      whole ? longerThan(key) : [],
    ]);
    if (longer.length) return longer.slice(0, PREFIXES).map((entry) => expansion(at, [entry], LONGER, "compound", true));
    const starts = beginnings(near.filter(standsIn).map((entry) => entry.key), shards.links);
    const own = parts(key, starts, new Set(ending), shards.links);
    if (own.whole !== whole) return [];
    const found = (await Promise.all(own.found.map((part) => shards.entries(part)))).flatMap(
      (entries) => entries.find(standsIn) ?? [],
    );
    return partsAt(at, found.map((entry) => entry.group));
  }

  /** Words that start or end with one. @param {string} key */
  async function longerThan(key) {
    const [starting, ending] = await Promise.all([shards.entriesFrom(key), shards.keysEnding(key)]);
    const longer = ending.filter((other) => other.length - key.length >= BEGINNING);
    const shortest = longer.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, TYPOS);
    const others = (await Promise.all(shortest.map((other) => shards.entries(other)))).flat();
    return oneAGroup([...starting, ...others].filter(standsIn));
  }

  /**
   * The expansions of a typo, and the words that were meant, the likeliest first.
   * @param {string} word
   * @param {number} at
   * @returns {Promise<[Expansion[], string[]]>}
   */
  async function typos(word, at) {
    const key = fold(word);
    if (!allowedEdits(key)) return [[], []];
    const [start, end] = keptEnds(key);
    const present = (await shards.entriesFrom(start)).filter((entry) => !entry.absent).map((entry) => entry.key);
    let { edits, found } = nearest(key, present);
    if (edits > 1) ({ edits, found } = nearest(key, [...present, ...(await shards.keysEnding(end))]));
    const meant = (await Promise.all(found.map((candidate) => shards.entries(candidate)))).flat();
    const best = oneAGroup(meant.filter(standsIn)).slice(0, TYPOS);
    const weight = edits === 1 ? TYPO : TWO_TYPOS;
    return [best.map((entry) => expansion(at, [entry], weight, "typo")), best.map((entry) => entry.form)];
  }

  /** Words one edit from an unknown one, beside those that share its base. @param {string} word @param {number} at */
  async function oneTypo(word, at) {
    return (await typos(word, at))[0].filter(({ weight }) => weight === TYPO);
  }

  /** Whether a single document has a word, and no title or phrasing does. @param {Entry} entry */
  function mayBeTypo({ absent, rarity, formRarity }) {
    const rarest = Math.round(8 * Math.log1p((shards.count - 0.5) / 1.5));
    return !absent && formRarity > rarity && rarity >= Math.min(255, rarest);
  }

  /**
   * Words one edit from a rare one that many more documents have.
   * @param {string} word
   * @param {number} at
   * @param {Entry} own
   */
  async function moreFrequent(word, at, own) {
    const [meant, forms] = await typos(word, at);
    const entries = await Promise.all(
      forms.map(async (form) => (await shards.entries(fold(form))).find((entry) => entry.form === form)),
    );
    return meant.filter(({ weight }, n) => weight === TYPO && own.rarity - (entries[n]?.rarity ?? own.rarity) >= MUCH_RARER);
  }

  /** @param {string} word @param {number} at */
  async function split(word, at) {
    const key = Array.from(fold(word));
    const starts = await Promise.all(key.map((_, cut) => (cut > 1 ? shards.entries(key.slice(0, cut).join("")) : [])));
    const lefts = starts.slice(0, -1).map(half);
    const rights = await Promise.all(lefts.map((left, cut) => (left ? shards.entries(key.slice(cut).join("")) : [])));
    for (let cut = key.length - 2; cut > 1; cut--) {
      const left = lefts[cut];
      const right = left && half(rights[cut], key.length - cut);
      const telling = left && right ? [left, right].filter((entry) => !entry.stop) : [];
      if (left && right && telling.length) {
        return { expansions: [expansion(at, telling, JOINED, "split", true)], form: `${left.form} ${right.form}` };
      }
    }
    return { expansions: [], form: "" };
  }

  /** Words that the articles write together. */
  async function joined() {
    /** @type {Expansion[]} */
    const found = [];
    const pairs = query.every.slice(1).map((word, at) => [query.every[at], word]);
    const written = await Promise.all(
      pairs.map((pair) => (pair.some((word) => query.quoted.has(word)) ? [] : shards.entries(fold(pair.join(""))))),
    );
    for (const [at, pair] of pairs.entries()) {
      const covered = slots.flatMap((word, slot) => (pair.includes(word) ? [slot] : []));
      if (!covered.length || covered[covered.length - 1] - covered[0] > 1) continue;
      for (const entry of written[at].filter((entry) => !entry.absent)) {
        found.push({ ...expansion(covered[0], [entry], JOINED, "joined", true), end: covered[covered.length - 1] + 1 });
      }
    }
    return found;
  }

  /** @returns {Expansion[]} */
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

  /** @returns {Promise<Map<number, Postings>>} */
  async function load() {
    const groups = new Set(expansions.flatMap((expansion) => expansion.groups));
    if (shards.hasLearned) for (const word of query.unique) groups.add(matchedGroup(word));
    groups.delete(-1);
    const read = await Promise.all([...groups].map(async (group) => /** @type {const} */ ([group, await shards.postings(group)])));
    return new Map(/** @type {[number, Postings][]} */ (read.filter(([, postings]) => postings)));
  }

  /**
   * Calls `use` with each document of an expansion and its score; an expansion of several words needs all of them.
   * @param {Expansion} expansion
   * @param {(document: number, score: number) => void} use
   */
  function eachOf(expansion, use) {
    /** @type {Map<number, number> | null} */
    let sums = null;
    for (const group of expansion.groups) {
      const postings = loaded.get(group);
      if (!postings) return;
      const bonus = expansion.place < 0 ? 0 : (expansion.formRarity * expansion.weight * BONUS) >> 8;
      /** @type {Map<number, number>} */
      const here = new Map();
      postings.documents.forEach((document, at) => {
        const has = bonus && (postings.forms[at] >> expansion.place) & 1;
        const score = ((level(postings.codes[at]) * expansion.weight) >> 8) + has * bonus;
        if (expansion.groups.length === 1) use(document, score);
        else if (!sums) here.set(document, score);
        else if (sums.has(document)) here.set(document, score + /** @type {number} */ (sums.get(document)));
      });
      sums = here;
    }
    if (expansion.groups.length > 1) sums?.forEach((score, document) => use(document, score));
  }

  function score() {
    const bySlot = slots.map(() => new Int32Array(shards.count));
    const total = new Float64Array(shards.count);
    const matched = new Uint8Array(shards.count);
    for (const expansion of expansions.filter((expansion) => expansion.end - expansion.start === 1)) {
      const row = bySlot[expansion.start];
      eachOf(expansion, (document, score) => {
        if (score > row[document]) row[document] = score;
      });
    }
    for (const row of bySlot) {
      for (let document = 0; document < row.length; document++) {
        if (row[document] > 0) {
          total[document] += row[document];
          matched[document]++;
        }
      }
    }
    for (const expansion of expansions.filter((expansion) => expansion.end - expansion.start > 1)) {
      eachOf(expansion, (document, score) => {
        const rows = bySlot.slice(expansion.start, expansion.end);
        const gain = score - rows.reduce((sum, row) => sum + row[document], 0);
        if (gain <= 0) return;
        total[document] += gain;
        matched[document] += rows.filter((row) => row[document] <= 0).length;
      });
    }
    const share = Array.from({ length: slots.length + 1 }, (_, number) =>
      Math.floor(Math.sqrt(Math.floor((number * 65536) / Math.max(slots.length, 1)))),
    );
    for (let document = 0; document < total.length; document++) {
      total[document] = Math.floor((total[document] * share[Math.min(matched[document], slots.length)]) / 256);
    }
    const found = total.map((value) => (value > 0 ? 1 : 0));
    const unit = Math.floor(Math.sqrt(Math.floor(LEARNED_SHARE / (slots.length + LEARNED_FROM))));
    for (const { documents, weights, telling } of lessons()) {
      documents.forEach((document, at) => {
        total[document] += weights[at] * unit;
        if (telling && weights[at] > 0) found[document] = 1;
      });
    }
    const scored = total.map((value, document) => (found[document] ? Math.max(value, 0) : 0));
    const lifts = new Map(shards.priors);
    for (const document of pinned) lifts.set(document, (lifts.get(document) ?? 0) + PINNED);
    for (const [document, lift] of lifts) scored[document] = Math.floor((scored[document] * (256 + lift)) / 256);
    return { total: scored, matched };
  }

  /**
   * What was learned of the words of the query and of pairs of them; nothing if none of its words is found. One
   * telling word is reason enough to find a document that has no word of the query.
   */
  function lessons() {
    if (!shards.hasLearned || !(expansions.length || known.some((expansion) => expansion.learned))) return [];
    const meant = query.every.map(matchedGroup);
    const telling = meant.filter((_, at) => !typedEntry(query.every[at])?.stop);
    /** @type {Map<number, Set<number>>} */
    const pairs = new Map();
    /** @param {number} left @param {number} right */
    const pair = (left, right) => {
      const low = Math.min(left, right);
      if (left !== right) pairs.set(low, (pairs.get(low) ?? new Set()).add(Math.max(left, right)));
    };
    for (let at = 0; at + 1 < meant.length; at++) pair(meant[at], meant[at + 1]);
    telling.forEach((left, at) => telling.slice(at + 1, at + 1 + PAIR_WINDOW).forEach((right) => pair(left, right)));
    return [...new Set(meant)].flatMap((group) => {
      const postings = loaded.get(group);
      if (!postings) return [];
      const others = [...(pairs.get(group) ?? [])].flatMap((other) => postings.pairs.get(other) ?? []);
      return [
        { ...postings.learned, telling: telling.includes(group) },
        ...others.map((weights) => ({ ...weights, telling: false })),
      ];
    });
  }

  /**
   * The group of a word of the query, or the likeliest one it was meant for; -1 if there is none.
   * @param {string} word
   */
  function matchedGroup(word) {
    const at = slots.indexOf(word);
    if (typedGroup(word) >= 0) return typedGroup(word);
    const found = known.find(
      ({ start, kind, learned, absent }) =>
        start === at && ["accent", "inflected", "typo"].includes(kind) && (learned || !absent),
    );
    return found?.groups[0] ?? -1;
  }

  /**
   * The documents that have the words of `phrase` in a row.
   * @param {string[]} phrase
   */
  async function documentsWith(phrase) {
    /** @type {Map<number, Set<number>> | null} */
    let places = null;
    for (const [step, word] of phrase.entries()) {
      const typed = typedEntry(word);
      const positions = typed ? await shards.positions(typed.number) : new Map();
      /** @type {Map<number, Set<number>>} */
      const next = new Map();
      for (const [document, ats] of positions) {
        const starts = ats.map((/** @type {number} */ at) => at - step);
        const before = places?.get(document);
        const kept = places ? starts.filter((/** @type {number} */ at) => before?.has(at)) : starts;
        if (kept.length) next.set(document, new Set(kept));
      }
      places = next;
    }
    return places ?? new Map();
  }

  /** Documents that have a code or number of the query, in whatever spelling. */
  async function withCodes() {
    /** @type {Set<number>} */
    const found = new Set();
    const postings = codesOfQuery(text).map(async (code) => {
      const entry = (await shards.entries(fold(code))).find(({ form, absent }) => form === code && !absent);
      return entry && shards.postings(entry.group);
    });
    for (const each of await Promise.all(postings)) each?.documents.forEach((document) => found.add(document));
    return [...found];
  }

  /** Documents of which the query is the whole title. */
  async function titled() {
    const print = fingerprint(query.every);
    const candidates = new Set();
    for (const word of slots) {
      const postings = loaded.get(typedGroup(word));
      for (const [document, found] of postings?.titles ?? []) if (found === print) candidates.add(document);
    }
    const whole = query.every.join(" ");
    const matches = [];
    for (const document of candidates) {
      const shown = await shards.shown(document);
      if (shown && words(shown[2], shards.eliding).join(" ") === whole) matches.push(document);
    }
    return matches;
  }

  function corrected() {
    return replaced.size ? query.every.map((word) => replaced.get(word) ?? word).join(" ") : "";
  }

  /** @returns {Promise<Hit[]>} */
  async function hits() {
    /** @type {number[]} */
    const order = [];
    const least = Math.max(1, Math.ceil((best[0] ?? 0) / FLOOR));
    plain.forEach((value, document) => (value >= least || titles.includes(document) || codes.includes(document)) && order.push(document));
    order.sort((left, right) => total[right] - total[left] || left - right);
    const shown = await Promise.all(order.slice(0, limit).map((document) => hit(document)));
    return /** @type {Hit[]} */ (shown.filter(Boolean));
  }

  /** @param {number} document @returns {Promise<Hit | null>} */
  async function hit(document) {
    const shown = await shards.shown(document);
    if (!shown) return null;
    const [id, url, title, excerpt, sections] = shown;
    const [anchor, sectionHeading, text] = sections[bestSection(document) - 1] ?? ["", "", ""];
    const section = anchor || sectionHeading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    return { id, title, url, section, sectionHeading, excerpt: text || excerpt, score: total[document], confidence: confidence(document) };
  }

  /** The probability that a document answers the query, as in search_index/confidence.py. @param {number} document */
  function confidence(document) {
    if (titles.includes(document)) return 1;
    const [score, words] = [plain[document], slots.length];
    const others = [...best];
    const own = others.indexOf(score);
    if (own >= 0) others.splice(own, 1);
    const [second = 0, third = 0] = others;
    const share = (4.11 * Math.min(matched[document], words)) / words;
    const odds = -3.82 + 0.55 * Math.log(score / 256) + share + 0.96 * Math.log(words) - (2.79 * second + 1.11 * third) / score;
    const found = Math.round(100 / (1 + Math.exp(-Math.max(-50, odds)))) / 100;
    return codes.includes(document) ? Math.max(found, CODE_CONFIDENCE) : found;
  }

  /** @param {number} document */
  function bestSection(document) {
    /** @type {Map<number, number>} */
    const votes = new Map();
    for (const expansion of expansions) {
      for (const group of expansion.groups) {
        const postings = loaded.get(group);
        const at = postings ? postings.documents.indexOf(document) : -1;
        if (!postings || at < 0) continue;
        const section = postings.sections[at];
        votes.set(section, (votes.get(section) ?? 0) + ((level(postings.codes[at]) * expansion.weight) >> 8));
      }
    }
    let best = 0;
    for (const [section, vote] of votes) {
      const most = votes.get(best) ?? 0;
      if (vote > most || (vote === most && section < best)) best = section;
    }
    return best;
  }
}

/**
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
 * A rarer word found for one that was typed must not weigh more than the typed one would.
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
  for (const entry of [...entries].sort((a, b) => a.rarity - b.rarity || a.number - b.number)) {
    if (!found.has(entry.group)) found.set(entry.group, entry);
  }
  return [...found.values()];
}

/**
 * The half of a word written together: three letters, or two of a common little word.
 * @param {Entry[]} entries
 * @param {number} length
 */
function half(entries, length) {
  return entries.find((entry) => entry.stop || (length > 2 && !entry.absent));
}

/**
 * Whether a word that was not typed may stand in for one: it says something, and some document has it.
 * @param {Entry} entry
 */
function standsIn(entry) {
  return !entry.stop && !entry.absent;
}
