// Shards fetched, checked and opened. See FORMAT.md.

import { fold } from "./words.mjs";

const FORMAT = 2;
const HASH_BYTES = 6;
const SHARDS = "shards/";
const STOP = 8;
const ABSENT = 16;
const LEARNED = 32;
const COMPOUND = 64;

/**
 * A known problem of the index: `missing`, `damaged`, `stale` (another version) or `unsupported` (by this browser).
 */
export class ShardError extends Error {
  /** @param {"missing" | "damaged" | "stale" | "unsupported"} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** Reads numbers and bytes from front to back. */
class Source {
  /** @param {Uint8Array} data @param {number} [at] */
  constructor(data, at = 0) {
    this.data = data;
    this.at = at;
  }

  varint() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.data.length) throw new ShardError("damaged");
      const byte = this.data[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new ShardError("damaged");
  }

  /** @param {number} size */
  take(size) {
    if (this.at + size > this.data.length) throw new ShardError("damaged");
    this.at += size;
    return this.data.subarray(this.at - size, this.at);
  }

  /** @param {number} count */
  varints(count) {
    if (count > this.data.length - this.at) throw new ShardError("damaged");
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
 * @typedef {{form: string, key: string, number: number, group: number, place: number, rarity: number,
 *   formRarity: number, stop: boolean, absent: boolean, learned: boolean, parts: number[]}} Entry
 * @typedef {{documents: Uint32Array, codes: Uint8Array, sections: Uint8Array, forms: Uint8Array,
 *   learned: Weights, pairs: Map<number, Weights>, titles: [number, number][]}} Postings
 * @typedef {{documents: number[], weights: Int8Array}} Weights
 * @typedef {[string, string, string, string, [string, string, string][]]} Shown
 * @typedef {{keys: any[], names: string[], sizes: number[], inlined: Uint8Array[]}} Table
 * @typedef {(name: string) => Promise<Uint8Array>} Fetch
 */

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Code point order, which is not the order of `<` beyond the basic plane.
 * @param {string} left
 * @param {string} right
 */
function inOrder(left, right) {
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
    const order =
      typeof other === "string" && typeof key === "string" ? inOrder(other, key) : Number(other) - Number(key);
    if (order <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @template T @param {T[]} keys @param {T} key */
const holding = (keys, key) => Math.max(0, upTo(keys, key) - 1);

/**
 * @param {Uint8Array} packed
 * @param {string} hash the first hex digits of its SHA-256
 * @param {number} size
 */
async function open(packed, hash, size) {
  if (packed.length !== size) throw new ShardError("damaged");
  const subtle = globalThis.crypto?.subtle;
  if (subtle) {
    const digest = hex(new Uint8Array(await subtle.digest("SHA-256", /** @type {BufferSource} */ (packed))));
    if (!digest.startsWith(hash)) throw new ShardError("damaged");
  }
  if (typeof DecompressionStream === "undefined") throw new ShardError("unsupported");
  try {
    const stream = new Blob([/** @type {BlobPart} */ (packed)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new ShardError("damaged");
  }
}

/** All shards of one build, each fetched once. Faulty ones are noted in `faults`. */
export class Shards {
  /**
   * @param {Fetch} fetch
   * @param {any} manifest
   * @param {Uint8Array} root
   */
  constructor(fetch, manifest, root) {
    this.fetch = fetch;
    /** @type {Map<string, Promise<any>>} */
    this.opened = new Map();
    /** @type {Map<number, Postings>} */
    this.groups = new Map();
    /** @type {Set<string>} */
    this.faults = new Set();
    /** @type {string} */
    this.rootName = manifest.root;
    const source = new Source(root);
    if (source.varint() !== FORMAT) throw new ShardError("stale");
    this.count = source.varint();
    this.perShard = source.varint();
    this.eliding = source.varint() === 1;
    this.hasLearned = source.varint() === 1;
    const listed = () => ["", ...source.text(source.varint()).split(" ").filter(Boolean)];
    this.endings = listed();
    this.beginnings = listed();
    const links = source.text(source.varint());
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
    const inlined = source.take(1)[0] === 1;
    const word = () => source.text(source.varint());
    this.dictionary = readTable(source, "d", inlined, word);
    this.reversed = readTable(source, "r", inlined, word);
    this.words = readTable(source, "w", inlined, () => source.varint());
    this.documents = readTable(source, "i", inlined, null);
    this.inlinedPhrases = inlined ? readTable(source, "x", true, () => source.varint()) : null;
    this.phraseHash = inlined ? "" : hex(source.take(HASH_BYTES));
    this.phraseSize = inlined ? 0 : source.varint();
  }

  /**
   * @param {Fetch} fetch
   * @param {any} manifest
   */
  static async open(fetch, manifest) {
    if (manifest?.format !== FORMAT) throw new ShardError("stale");
    const packed = await fetch(String(manifest.root));
    return new Shards(fetch, manifest, await open(packed, String(manifest.sha256), manifest.bytes));
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
        if (error instanceof ShardError && error.kind === "unsupported") throw error;
        this.faults.add(key);
        return null;
      });
      this.opened.set(key, loading);
    }
    return loading;
  }

  /**
   * @template T
   * @param {Table} table
   * @param {string} kind
   * @param {number} number
   * @param {(source: Source) => T} read
   */
  shard(table, kind, number, read) {
    return this.once(kind + number, async () => {
      const name = table.names[number];
      const data = table.inlined.length
        ? table.inlined[number]
        : await open(await this.fetch(name), name.slice(-2 * HASH_BYTES - 4, -4), table.sizes[number]);
      if (data[0] !== kind.charCodeAt(0)) throw new ShardError("damaged");
      return read(new Source(data, 1));
    });
  }

  /**
   * The forms whose folded form is `key`.
   * @param {string} key
   * @returns {Promise<Entry[]>}
   */
  async entries(key) {
    const shard = await this.shard(this.dictionary, "D", holding(this.dictionary.keys, key), readEntries);
    return shard?.get(key) ?? [];
  }

  /**
   * The forms whose folded form starts with `prefix`.
   * @param {string} prefix
   * @returns {Promise<Entry[]>}
   */
  async entriesFrom(prefix) {
    const shards = await this.range(this.dictionary, "D", prefix, readEntries);
    return shards.flatMap((shard) => [...shard].filter(([key]) => key.startsWith(prefix)).flatMap(([, found]) => found));
  }

  /**
   * Fetches the forms that start with `prefix` if they are in a shard or two, since a typo is looked for there.
   * @param {string} prefix
   */
  prepare(prefix) {
    return this.range(this.dictionary, "D", prefix, readEntries, 2);
  }

  /**
   * The folded forms that end with `ending`.
   * @param {string} ending
   */
  async keysEnding(ending) {
    const backwards = Array.from(ending).reverse().join("");
    const shards = await this.range(this.reversed, "R", backwards, (source) => source.rest().split("\n"));
    const keys = shards.flat().filter((key) => key.startsWith(backwards));
    return keys.map((key) => Array.from(key).reverse().join(""));
  }

  /**
   * @template T
   * @param {Table} table
   * @param {string} kind
   * @param {string} prefix
   * @param {(source: Source) => T} read
   * @param {number} [most] shards: none are fetched if there are more
   * @returns {Promise<T[]>}
   */
  async range(table, kind, prefix, read, most = Infinity) {
    const numbers = [];
    const last = upTo(table.keys, prefix + "\u{10ffff}");
    for (let number = holding(table.keys, prefix); number < last; number++) numbers.push(number);
    if (numbers.length > most) return [];
    const shards = await Promise.all(numbers.map((number) => this.shard(table, kind, number, read)));
    return /** @type {T[]} */ (shards.filter((shard) => shard !== null));
  }

  /**
   * @param {number} group
   * @returns {Promise<Postings | null>}
   */
  async postings(group) {
    const known = this.groups.get(group);
    if (known) return known;
    const records = await this.shard(this.words, "W", holding(this.words.keys, group), readRecords);
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
      const data = await open(await this.fetch(`${SHARDS}p-${this.phraseHash}.bin`), this.phraseHash, this.phraseSize);
      const source = new Source(data);
      return readTable(source, "x", false, () => source.varint());
    });
    /** @type {Map<number, number[]>} */
    const found = new Map();
    const records = table && (await this.shard(table, "X", holding(table.keys, form), readRecords));
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
    const shard = await this.shard(this.documents, "I", number, (source) => {
      source.varint();
      return JSON.parse(source.rest());
    });
    return shard?.[document - number * this.perShard] ?? null;
  }
}

/** @param {number[]} steps */
function summed(steps) {
  let sum = 0;
  return steps.map((step) => (sum += step));
}

/**
 * @param {Source} source
 * @param {string} kind
 * @param {boolean} inlined
 * @param {(() => string | number) | null} readKey
 * @returns {Table}
 */
function readTable(source, kind, inlined, readKey) {
  const count = source.varint();
  /** @type {Table} */
  const table = { keys: [], names: [], sizes: [], inlined: [] };
  for (let at = 0; at < count; at++) {
    table.keys.push(readKey ? readKey() : null);
    if (inlined) table.inlined.push(source.take(source.varint()));
  }
  for (let at = 0; at < count && !inlined; at++) {
    table.names.push(`${SHARDS}${kind}-${hex(source.take(HASH_BYTES))}.bin`);
    table.sizes.push(source.varint());
  }
  return table;
}

/** Zigzag undone. @param {number} step */
const signed = (step) => (step % 2 ? -(step + 1) / 2 : step / 2);

/** @param {Source} source */
function readEntries(source) {
  const first = source.varint();
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
  if (forms.length !== count) throw new ShardError("damaged");
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
    const same = found.get(key);
    if (same) same.push(entry);
    else found.set(key, [entry]);
  });
  return found;
}

/** @param {Source} source */
function readRecords(source) {
  const first = source.varint();
  const lengths = source.varints(source.varint());
  return { first, records: lengths.map((length) => source.take(length)) };
}

/**
 * @param {Source} source
 * @returns {Postings}
 */
function readPostings(source) {
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
