// Shards fetched, checked and opened, and where to look for a word, its postings and its documents. See FORMAT.md.

import { ShardError, Source, fileName, hex, readEntries, readPostings, readRecords, readTable, summed } from "./records.mjs";
import { keptEnds } from "./typos.mjs";
import { fingerprint } from "./words.mjs";

/** @typedef {import("./records.mjs").Entry} Entry */
/** @typedef {import("./records.mjs").Postings} Postings */
/** @typedef {import("./records.mjs").Shown} Shown */
/** @template T @typedef {import("./records.mjs").Table<T>} Table */
/** @typedef {(name: string) => Promise<Uint8Array>} Fetch */

const FORMAT = 6;
const BUILD_BYTES = 8;
const BEGINNING_LETTERS = 4;

/**
 * Code point order, which is not the order of `<` beyond the basic plane.
 * @param {string} left
 * @param {string} right
 */
export function inOrder(left, right) {
  const a = Array.from(left);
  const b = Array.from(right);
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] !== b[at]) return /** @type {number} */ (a[at].codePointAt(0)) - /** @type {number} */ (b[at].codePointAt(0));
  }
  return a.length - b.length;
}

/**
 * The number of keys up to and with `key`.
 * @template T
 * @param {T[]} keys
 * @param {T} key
 */
function upTo(keys, key) {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = keys[middle];
    const order = typeof key === "string" ? inOrder(String(other), key) : Number(other) - Number(key);
    if (order <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @template T @param {T[]} keys @param {T} key */
const numberFor = (keys, key) => Math.max(0, upTo(keys, key) - 1);

/**
 * @param {Uint8Array} packed
 * @param {string} [hash] the first hex digits of its SHA-256
 */
async function open(packed, hash = "") {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) {
    const digest = hex(new Uint8Array(await subtle.digest("SHA-256", /** @type {BufferSource} */ (packed))));
    if (!digest.startsWith(hash)) throw new ShardError();
  }
  if (typeof DecompressionStream === "undefined") throw new ShardError("unsupported");
  try {
    const stream = new Blob([/** @type {BlobPart} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new ShardError();
  }
}

/** All shards of one build, each fetched once. Faulty ones are noted in `faults`. */
export class Shards {
  /**
   * @param {Fetch} fetch
   * @param {Uint8Array} root
   */
  constructor(fetch, root) {
    this.fetch = fetch;
    /** @type {Map<string, Promise<any>>} */
    this.opened = new Map();
    /** @type {Map<number, Postings>} */
    this.groups = new Map();
    /** @type {Set<string>} */
    this.faults = new Set();
    const source = new Source(root);
    if (source.varint() !== FORMAT) throw new ShardError("reload");
    this.build = hex(source.take(BUILD_BYTES));
    this.count = source.varint();
    this.perShard = source.varint();
    this.eliding = source.varint() > 0;
    this.hasLearned = source.varint() > 0;
    const word = () => source.text(source.varint());
    const listed = () => ["", ...word().split(" ").filter(Boolean)];
    this.endings = listed();
    this.beginnings = listed();
    const links = word();
    this.links = links ? links.split(",") : [];
    const groups = () => source.varints(source.varint());
    this.synonyms = Array.from({ length: source.varint() }, () => ({
      phrase: groups(),
      others: groups(),
      weight: source.varint(),
    }));
    const asked = summed(source.varints(source.varint()));
    const priors = source.take(asked.length);
    /** Document → what many customers asking for it adds, in 256ths of its score. @type {Map<number, number>} */
    this.priors = new Map(asked.map((document, at) => [document, priors[at]]));
    const inlined = source.varint() > 0;
    this.dictionary = readTable(source, "d", inlined, readDictionary, word);
    this.reversed = readTable(source, "r", inlined, readReversed, word);
    /** @type {string[]} */
    const firstWords = [];
    this.words = readTable(source, "w", inlined, readRecords, () => (firstWords.push(word()), source.varint()));
    /** Where the postings of a word most likely are. */
    this.likely = { ...this.words, keys: firstWords };
    this.documents = readTable(source, "i", inlined, readShown, () => null);
    this.inlinedPhrases = inlined ? readTable(source, "x", true, readRecords, () => source.varint()) : null;
    this.phraseList = inlined ? "" : fileName("p", source);
    /** Stop words, whose postings mostly aren't needed. */
    this.stops = new Set(inlined ? [] : listed());
    /** Bits for each beginning of a form; none if everything is loaded anyway. */
    this.beginningBits = source.data.subarray(source.at);
  }

  /**
   * @param {Fetch} fetch
   * @param {Uint8Array} packed the root
   */
  static async open(fetch, packed) {
    return new Shards(fetch, await open(packed));
  }

  /** @param {string} name */
  async read(name) {
    return open(await this.fetch(name), name.split(/[-.]/)[1]);
  }

  /** Let the next search try faulty shards again. */
  forgetFaults() {
    for (const key of this.faults) this.opened.delete(key);
    this.faults.clear();
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} load
   * @returns {Promise<T | null>}
   */
  async once(key, load) {
    let loading = this.opened.get(key);
    if (!loading) {
      loading = load().catch((error) => {
        if (error.problem === "unsupported") throw error;
        this.faults.add(key);
        return null;
      });
      this.opened.set(key, loading);
    }
    return loading;
  }

  /**
   * @template T
   * @param {Table<T>} table
   * @param {number} number
   */
  shard({ kind, names, inlined, read }, number) {
    return this.once(kind + number, async () => {
      const data = inlined[number] ?? (await this.read(names[number]));
      if (data[0] !== kind.charCodeAt(0)) throw new ShardError();
      return read(new Source(data, 1));
    });
  }

  /** @template T @param {Table<T>} table @param {string | number} key */
  shardFor(table, key) {
    return this.shard(table, numberFor(table.keys, key));
  }

  /** Whether no form starts as `key` does; the root has this for most such keys. @param {string} key */
  unknown(key) {
    const bits = this.beginningBits;
    const print = fingerprint([Array.from(key).slice(0, BEGINNING_LETTERS).join("")]);
    return bits.length && [print, print >> 10].some((n) => !((bits[(n >> 3) % bits.length] >> (n & 7)) & 1));
  }

  /**
   * The forms whose folded form is `key`.
   * @param {string} key
   * @returns {Promise<Entry[]>}
   */
  async entries(key) {
    if (this.unknown(key)) return [];
    const shard = await this.shardFor(this.dictionary, key);
    return shard?.get(key) ?? [];
  }

  /**
   * The forms whose folded form starts with `prefix`.
   * @param {string} prefix
   */
  async entriesFrom(prefix) {
    return entriesOf(await this.range(this.dictionary, prefix), (key) => key.startsWith(prefix));
  }

  /**
   * The forms whose folded form ends with `ending`; of three letters or more.
   * @param {string} ending
   */
  async entriesEnding(ending) {
    const shards = await this.range(this.reversed, backwards(ending));
    return entriesOf(shards, (key) => key.endsWith(ending));
  }

  /**
   * Fetches where typos of a word are looked for: what starts like it, and, if it is surely unknown, what ends like it.
   * @param {string} key
   */
  prepare(key) {
    const [start, end] = keptEnds(key);
    return Promise.all([
      this.range(this.dictionary, start, 2),
      this.unknown(key) ? this.range(this.reversed, backwards(end), 2) : 0,
    ]);
  }

  /**
   * Fetches what are most likely the postings of a word while its entries are on their way; of one that may go on, of all words
   * that start like it, if few do.
   * @param {string} key
   * @param {boolean} begun
   */
  fetchEarly(key, begun) {
    if (this.stops.has(key) || this.unknown(key)) return;
    if (begun) this.range(this.likely, key, 2);
    else this.shardFor(this.likely, key);
  }

  /**
   * @template T
   * @param {Table<T>} table
   * @param {string} prefix
   * @param {number} [most] shards: none are fetched if there are more
   * @returns {Promise<T[]>}
   */
  async range(table, prefix, most = Infinity) {
    const first = numberFor(table.keys, prefix);
    const length = upTo(table.keys, prefix + "\u{10ffff}") - first;
    if (length > most) return [];
    const shards = await Promise.all(Array.from({ length }, (_, at) => this.shard(table, first + at)));
    return /** @type {T[]} */ (shards.filter((shard) => shard !== null));
  }

  /**
   * @param {number} group
   * @returns {Promise<Postings | null>}
   */
  async postings(group) {
    const known = this.groups.get(group);
    if (known) return known;
    const records = await this.shardFor(this.words, group);
    const record = records?.records[group - records.first];
    if (!record) return null;
    const read = readPostings(new Source(record));
    this.groups.set(group, read);
    return read;
  }

  /**
   * Per document that has the form, where.
   * @param {number} form
   * @returns {Promise<Map<number, number[]>>}
   */
  async positions(form) {
    const table = await this.once("phrases", async () => {
      if (this.inlinedPhrases) return this.inlinedPhrases;
      const source = new Source(await this.read(this.phraseList));
      return readTable(source, "x", false, readRecords, () => source.varint());
    });
    /** @type {Map<number, number[]>} */
    const found = new Map();
    const records = table && (await this.shardFor(table, form));
    const record = records?.records[form - records.first];
    if (!record) return found;
    const source = new Source(record);
    const count = source.varint();
    const documents = summed(source.varints(count));
    const times = source.varints(count);
    documents.forEach((document, at) => found.set(document, summed(source.varints(times[at]))));
    return found;
  }

  /**
   * What a result shows of a document.
   * @param {number} document
   * @returns {Promise<Shown | null>}
   */
  async shown(document) {
    const number = Math.floor(document / this.perShard);
    const shard = await this.shard(this.documents, number);
    return shard?.[document - number * this.perShard] ?? null;
  }
}

/** @param {Source} source */
const readDictionary = (source) => readEntries(source, source.varint());

/** @param {Source} source */
const readReversed = (source) => readEntries(source, NaN);

/** @param {Source} source @returns {Shown[]} */
function readShown(source) {
  source.varint();
  return JSON.parse(source.rest());
}

/** @param {string} text */
const backwards = (text) => Array.from(text).reverse().join("");

/**
 * @param {Map<string, Entry[]>[]} shards
 * @param {(key: string) => boolean} wanted
 */
function entriesOf(shards, wanted) {
  return shards.flatMap((shard) => [...shard].flatMap(([key, found]) => (wanted(key) ? found : [])));
}
