// Ranking: what each document scores for an expanded query. The same as in search_index/reader.py.

import { codesOfQuery } from "./codes.mjs";
import { MEANT } from "./query_expansion.mjs";
import { fingerprint, fold, words } from "./words.mjs";

/** @typedef {import("./shards.mjs").Shards} Shards */
/** @typedef {import("./records.mjs").Postings} Postings */
/** @typedef {import("./query_expansion.mjs").Expansion} Expansion */
/** @typedef {Awaited<ReturnType<typeof rank>>} Ranked */

const BONUS = 80;
const LEARNED_SHARE = 280_000;
const LEARNED_FROM = 2;
const PAIR_WINDOW = 3;
const PINNED = 64;
/** Weight of the key of a code, of 256, where the best section is looked for. */
const WHOLE = 256;
const EXACT_TITLE = 10_000_000;
export const EXACT_CODE = 1_000_000;
/** `.net` and `#general` are names; their keys have another `_`. */
const SIGN_FIRST = /^[.#@$%&!/~-]/;
const STEPS = [64, 70, 76, 83, 91, 99, 108, 117];

/** @param {number} code */
export const level = (code) => STEPS[code & 7] << (code >> 3);

/**
 * @param {Shards} shards
 * @param {string} text
 * @param {ReturnType<typeof import("./words.mjs").parse>} query
 * @param {import("./query_expansion.mjs").Expanded} expanded
 * @param {number[]} pinned documents that trend today
 */
export async function rank(shards, text, query, { slots, known, typedEntry }, pinned) {
  /** The group of a word as typed; -1 if there is nothing of it in the index. @param {string} word */
  const typedGroup = (word) => {
    const entry = typedEntry(word);
    return entry && (entry.learned || !entry.absent) ? entry.group : -1;
  };
  /** @type {Postings[]} */
  let ofCodes = [];
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
  return { total, matched, codes, titles, bestSection };

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
      row.forEach((score, document) => {
        total[document] += score;
        if (score) matched[document]++;
      });
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
    total.forEach((sum, document) => {
      const share = Math.floor(256 * Math.sqrt(Math.min(matched[document] / slots.length, 1)));
      total[document] = Math.floor((sum * share) / 256);
    });
    const found = total.map(Math.sign);
    const unit = Math.floor(Math.sqrt(LEARNED_SHARE / (slots.length + LEARNED_FROM)));
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
    meant.slice(1).forEach((right, at) => pair(meant[at], right));
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
    if (typedGroup(word) >= 0) return typedGroup(word);
    const found = known.find(
      ({ start, kind, learned, absent }) =>
        start === slots.indexOf(word) && MEANT.includes(kind) && (learned || !absent),
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

  /** Documents that have a code or number of the query, or a name that is all of it, in whatever spelling. */
  async function withCodes() {
    const name = query.every.join("_") + "_";
    const names = SIGN_FIRST.test(text) ? [name, name + "_"] : [name];
    const postings = [...codesOfQuery(text), ...names].map(async (code) => {
      const entry = (await shards.entries(fold(code))).find(({ form }) => form === code);
      return (entry && (await shards.postings(entry.group))) ?? [];
    });
    ofCodes = (await Promise.all(postings)).flat();
    return [...new Set(ofCodes.flatMap(({ documents }) => [...documents]))];
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

  /** @param {number} document */
  function bestSection(document) {
    /** @type {Map<number, number>} */
    const votes = new Map();
    /** @param {Postings} postings @param {number} weight */
    const vote = ({ documents, sections, codes }, weight) => {
      const at = documents.indexOf(document);
      if (at >= 0) votes.set(sections[at], (votes.get(sections[at]) ?? 0) + ((level(codes[at]) * weight) >> 8));
    };
    for (const postings of ofCodes) vote(postings, WHOLE);
    for (const { groups, weight } of expansions) {
      for (const group of groups) {
        const postings = loaded.get(group);
        if (postings) vote(postings, weight);
      }
    }
    let best = 0;
    for (const [section, sum] of votes) {
      const most = votes.get(best) ?? 0;
      if (sum > most || (sum === most && section < best)) best = section;
    }
    return best;
  }
}
