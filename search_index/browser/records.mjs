// Decodes the records inside a shard: numbers, tables, dictionary entries and postings. FORMAT.md specifies each byte.
// Data that ends early is a ShardError.

import { fold } from "./words.mjs";

const HASH_BYTES = 4;
const SHARDS = "shards/";
const STOP = 8;
const ABSENT = 16;
const LEARNED = 32;
const COMPOUND = 64;

/**
 * An index that can't be read: a file is missing or damaged (`unreachable`), of another version (`reload`), or this browser
 * can't open it (`unsupported`).
 */
export class ShardError extends Error {
  /** @param {"unreachable" | "reload" | "unsupported"} problem */
  constructor(problem = "unreachable") {
    super(problem);
    this.problem = problem;
  }
}

/** Bytes that are decoded from front to back. */
export class Source {
  /** @param {Uint8Array} data @param {number} [at] */
  constructor(data, at = 0) {
    this.data = data;
    this.at = at;
  }

  varint() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.data.length) throw new ShardError();
      const byte = this.data[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new ShardError();
  }

  /** @param {number} size */
  take(size) {
    if (this.at + size > this.data.length) throw new ShardError();
    this.at += size;
    return this.data.subarray(this.at - size, this.at);
  }

  /** @param {number} count */
  varints(count) {
    if (count > this.data.length - this.at) throw new ShardError();
    return Array.from({ length: count }, () => this.varint());
  }

  /** @param {number} size */
  text(size) {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.take(size));
  }

  rest() {
    return this.text(this.data.length - this.at);
  }
}

/**
 * A form of the dictionary. `key` is folded; `place` is its bit in postings; rarities are from 0 to 255, in eighths of the
 * natural logarithm; `absent`: no document has it; `parts` are the groups of a compound's parts.
 * @typedef {{form: string, key: string, number: number, group: number, place: number, rarity: number,
 *   formRarity: number, stop: boolean, absent: boolean, learned: boolean, parts: number[]}} Entry
 * The documents of a group, ascending, with their impact codes, best sections (0 for none) and forms as bits.
 * @typedef {{documents: Uint32Array, codes: Uint8Array, sections: Uint8Array, forms: Uint8Array,
 *   learned: Weights, pairs: Map<number, Weights>, titles: [number, number][]}} Postings
 * Learned weights. @typedef {{documents: number[], weights: Int8Array}} Weights
 * Id, URL, title, excerpt and sections; of each section anchor, heading and text.
 * @typedef {[string, string, string, string, [string, string, string][]]} Shown
 */
/**
 * The shards of one kind by their first keys: their names, or their data if inlined; the byte they begin with, and how the rest is read.
 * @template T
 * @typedef {{keys: any[], names: string[], inlined: Uint8Array[], kind: string, read: (source: Source) => T}} Table
 */

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The name of a file, from its hash. @param {string} kind @param {Source} source */
export const fileName = (kind, source) => `${SHARDS}${kind}-${hex(source.take(HASH_BYTES))}.bin`;

/** Running sums. @param {number[]} steps */
export function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/**
 * A table of shards in the root.
 * @template T
 * @param {Source} source
 * @param {string} letter with which names of these shards start, and in upper case the shards
 * @param {boolean} inlined
 * @param {(source: Source) => T} read
 * @param {() => string | number | null} readKey
 * @returns {Table<T>}
 */
export function readTable(source, letter, inlined, read, readKey) {
  const count = source.varint();
  /** @type {Table<T>} */
  const table = { keys: [], names: [], inlined: [], kind: letter.toUpperCase(), read };
  for (let at = 0; at < count; at++) {
    table.keys.push(readKey());
    if (inlined) table.inlined.push(source.take(source.varint()));
  }
  for (let at = 0; at < count && !inlined; at++) {
    table.names.push(fileName(letter, source));
  }
  return table;
}

/** Undoes zigzag encoding. @param {number} step */
const signed = (step) => (step % 2 ? -(step + 1) / 2 : step / 2);

/**
 * Words by folded form.
 * @param {Source} source
 * @param {number} first the number of the first form; NaN if the numbers are unknown
 * @returns {Map<string, Entry[]>}
 */
export function readEntries(source, first) {
  const count = source.varint();
  const steps = source.varints(count);
  const places = source.take(count);
  const rarity = source.take(count);
  const formRarity = source.take(count);
  let group = 0;
  const groups = steps.map((step) => (group += signed(step)));
  const parts = groups.map((own, at) =>
    places[at] & COMPOUND ? source.varints(source.varint()).map((step) => own + signed(step)) : [],
  );
  const forms = count ? source.rest().split("\n") : [];
  if (forms.length !== count) throw new ShardError();
  /** @type {Map<string, Entry[]>} */
  const found = new Map();
  forms.forEach((form, at) => {
    const key = fold(form);
    const entry = {
      form,
      key,
      number: first + at,
      group: groups[at],
      place: places[at] & 7,
      rarity: rarity[at],
      formRarity: formRarity[at],
      stop: (places[at] & STOP) > 0,
      absent: (places[at] & ABSENT) > 0,
      learned: (places[at] & LEARNED) > 0,
      parts: parts[at],
    };
    found.set(key, [...(found.get(key) ?? []), entry]);
  });
  return found;
}

/** A shard of records by document: the number of the first one, and the bytes of each. @param {Source} source */
export function readRecords(source) {
  const first = source.varint();
  const lengths = source.varints(source.varint());
  return { first, records: lengths.map((length) => source.take(length)) };
}

/**
 * @param {Source} source
 * @returns {Postings}
 */
export function readPostings(source) {
  const count = source.varint();
  const documents = new Uint32Array(count);
  let document = 0;
  for (let at = 0; at < count; at++) documents[at] = document += source.varint();
  const codes = source.take(count);
  const sections = source.take(count);
  const forms = source.take(count);
  const learned = readWeights(source);
  /** @type {Map<number, Weights>} */
  const pairs = new Map();
  for (let left = source.varint(); left > 0; left--) pairs.set(source.varint(), readWeights(source));
  /** @type {[number, number][]} */
  const titles = [];
  document = 0;
  for (let left = source.varint(); left > 0; left--) {
    document += source.varint();
    const bytes = source.take(3);
    titles.push([document, bytes[0] + bytes[1] * 256 + bytes[2] * 65536]);
  }
  return { documents, codes, sections, forms, learned, pairs, titles };
}

/**
 * @param {Source} source
 * @returns {Weights}
 */
function readWeights(source) {
  const count = source.varint();
  return { documents: summed(source.varints(count)), weights: new Int8Array(source.take(count)) };
}
