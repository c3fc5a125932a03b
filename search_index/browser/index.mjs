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
 * Documents that trend now, by their numbers in this build of the index. @typedef {{build: string, documents: number[]}} Pinned
 */

/**
 * @param {string | URL} rootUrl
 * @param {{fetch?: (url: string, options: RequestInit) => Promise<Response>, patience?: number}} [options] `patience`: milliseconds to wait for a file
 * `warm` asks for what a search needs first, of the words typed so far too.
 * @returns {{search: (query: string, options?: Options) => Promise<Results>, warm: (query?: string) => Promise<void>}}
 */
export function openIndex(rootUrl, { fetch = globalThis.fetch.bind(globalThis), patience = PATIENCE } = {}) {
  /** @type {Promise<Shards> | null} */
  let opening = null;

  /**
   * @param {string} name
   * @param {RequestCache} cache
   */
  async function bytes(name, cache = "default") {
    const waiting = new AbortController();
    const loading = async () => {
      const response = await fetch(new URL(name, rootUrl).href, { cache, signal: waiting.signal });
      if (!response.ok) throw response;
      return new Uint8Array(await response.arrayBuffer());
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const tooLong = new Promise((_, reject) => (timer = setTimeout(reject, patience)));
    try {
      return await Promise.race([loading(), tooLong]);
    } catch {
      waiting.abort();
      throw new ShardError();
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {RequestCache} [cache] */
  const open = async (cache) => Shards.open(bytes, await bytes(String(rootUrl), cache));

  /** The index, opened once; what the browser has kept of it may be unreadable. */
  async function ready() {
    opening ??= open().catch((error) => {
      if (error.problem === "unsupported") throw error;
      return open("reload");
    });
    try {
      return await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
  }

  /**
   * The index that the site has now, if it is another one.
   * @param {Shards} shards
   */
  async function newer(shards) {
    const now = await open("reload").catch((error) => {
      if (error.problem === "reload") throw error;
    });
    return now?.build === shards.build ? null : now;
  }

  return {
    async warm(query = "") {
      const shards = await ready();
      await lookUp(shards, parse(query, shards.eliding));
    },

    async search(query, { limit = 10, literal = false, signal, pinned } = {}) {
      /** @param {Shards} shards */
      const ask = (shards) => search(shards, query, limit, literal, pinned?.build === shards.build ? pinned.documents : []);
      const shownQuery = query.replace(/\p{Cs}/gu, "\ufffd");
      try {
        let shards = await ready();
        shards.forgetFaults();
        signal?.throwIfAborted();
        let found = await ask(shards);
        const now = shards.faults.size && (await newer(shards));
        if (now) {
          opening = Promise.resolve(now);
          shards = now;
          found = await ask(shards);
        }
        signal?.throwIfAborted();
        return { query: shownQuery, ...found, incomplete: shards.faults.size > 0, problem: "" };
      } catch (error) {
        if (signal?.aborted || !(error instanceof ShardError)) throw error;
        return { query: shownQuery, corrected: "", words: [], hits: [], incomplete: true, problem: error.problem };
      }
    },
  };
}
