// The search of a help centre in a browser: `openIndex(url)`, then `search(words)`. Data only; no page is touched.

import { lookUp } from "./query_expansion.mjs";
import { ShardError } from "./records.mjs";
import { search } from "./search.mjs";
import { Shards } from "./shards.mjs";
import { parse } from "./words.mjs";

const PATIENCE = 10_000;

/**
 * `incomplete`: something could not be read, so there may be more. `problem`: empty, or why there are no results —
 * `reload` (the page is older than the index), `unsupported` (this browser can't open it), `unreachable`.
 * `words`: the words of the query as they were understood, without stop words: those to mark in a result.
 * @typedef {import("./search.mjs").Hit} Hit
 * @typedef {"" | "reload" | "unsupported" | "unreachable"} Problem
 * @typedef {{query: string, corrected: string, words: string[], hits: Hit[], incomplete: boolean, problem: Problem}} Results
 * @typedef {{limit?: number, literal?: boolean, signal?: AbortSignal, pinned?: Pinned}} Options
 * Documents that trend now, by their numbers in the index with this root. @typedef {{root: string, documents: number[]}} Pinned
 */

/**
 * @param {string | URL} manifestUrl
 * @param {{fetch?: (url: string, options: RequestInit) => Promise<Response>, patience?: number}} [options] `patience`: milliseconds to wait for a file
 * `warm` asks for what a search needs first, of the words typed so far too.
 * @returns {{search: (query: string, options?: Options) => Promise<Results>, warm: (query?: string) => Promise<void>}}
 */
export function openIndex(manifestUrl, { fetch = globalThis.fetch.bind(globalThis), patience = PATIENCE } = {}) {
  /** @type {Promise<Shards> | null} */
  let opening = null;

  /**
   * @param {string} name
   * @param {RequestCache} cache
   */
  async function bytes(name, cache = "default") {
    const waiting = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const tooLong = new Promise((_, reject) => {
      timer = setTimeout(() => {
        waiting.abort();
        reject(new ShardError("missing"));
      }, patience);
    });
    const loading = (async () => {
      const response = await fetch(new URL(name, manifestUrl).href, { cache, signal: waiting.signal });
      if (!response.ok) throw new ShardError("missing");
      return new Uint8Array(await response.arrayBuffer());
    })();
    try {
      return await Promise.race([loading, tooLong]);
    } catch {
      throw new ShardError("missing");
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {RequestCache} cache */
  async function manifest(cache) {
    const text = new TextDecoder().decode(await bytes(String(manifestUrl), cache));
    try {
      return JSON.parse(text);
    } catch {
      throw new ShardError("damaged");
    }
  }

  /** @param {RequestCache} cache */
  function open(cache = "default") {
    opening ??= manifest(cache).then((read) => Shards.open((name) => bytes(name), read));
    return opening;
  }

  /** The index, from a new manifest if the loaded one is out of date. */
  async function ready() {
    try {
      return await open();
    } catch (error) {
      opening = null;
      if (error instanceof ShardError && error.kind === "unsupported") throw error;
    }
    try {
      return await open("reload");
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  /**
   * @param {Shards} shards
   * @returns {Promise<boolean>} whether the site has a newer index than this one
   */
  async function outdated(shards) {
    try {
      return (await manifest("reload")).root !== shards.rootName;
    } catch {
      return false;
    }
  }

  return {
    async warm(query = "") {
      const shards = await ready();
      await lookUp(shards, parse(query, shards.eliding));
    },

    async search(query, { limit = 10, literal = false, signal, pinned } = {}) {
      /** @param {Shards} shards */
      const ask = (shards) => search(shards, query, limit, literal, pinned?.root === shards.rootName ? pinned.documents : []);
      const shownQuery = query.replace(/\p{Cs}/gu, "\ufffd");
      try {
        signal?.throwIfAborted();
        let shards = await ready();
        shards.forgetFaults();
        signal?.throwIfAborted();
        let found = await ask(shards);
        if (shards.faults.size && (await outdated(shards))) {
          opening = null;
          shards = await ready();
          found = await ask(shards);
        }
        signal?.throwIfAborted();
        return { query: shownQuery, ...found, incomplete: shards.faults.size > 0, problem: "" };
      } catch (error) {
        if (signal?.aborted) throw error;
        return { query: shownQuery, corrected: "", words: [], hits: [], incomplete: true, problem: problemOf(error) };
      }
    },
  };
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function problemOf(error) {
  if (!(error instanceof ShardError)) throw error;
  if (error.kind === "unsupported") return "unsupported";
  return error.kind === "stale" ? "reload" : "unreachable";
}
