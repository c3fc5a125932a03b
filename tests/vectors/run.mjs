// Answers queries with the browser reader, for the Python tests: a list of jobs on stdin, their results on stdout.
// A job: {files: {name: base64}, warm: what is typed before, queries: [...], options, damage: {name: "missing" | "html" |
// "short" | "hang"}, without: [...], cached: {name: base64}, inRounds}. `cached` has files that the browser has kept. With
// inRounds files come when nothing else goes on, all that are waited for at once: `rounds` has their names, `early` how many
// came before the first query.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { openIndex } = await import(pathToFileURL(process.argv[2]).href);
const jobs = JSON.parse(readFileSync(0, "utf-8"));
const results = [];
for (const job of jobs) {
  const fetched = [];
  const rounds = [];
  let waiting = [];
  let quiet;
  const inRounds = (/** @type {string} */ name) =>
    new Promise((answer) => {
      waiting.push([name, answer]);
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        rounds.push(waiting.map(([waited]) => waited));
        for (const [, go] of waiting.splice(0)) go();
      }, 250);
    });
  let files = job.files;
  const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ { signal, cache }) => {
    const name = url.slice("https://help.example.com/search/".length);
    fetched.push(name);
    if (job.inRounds) await inRounds(name);
    const kind = Object.entries(job.damage ?? {}).find(([start]) => name.startsWith(start))?.[1];
    if (kind === "hang") return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const found = (cache === "default" && job.cached?.[name]) || files[name];
    if (kind === "missing" || found === undefined) return new Response("", { status: 404 });
    if (kind === "html") return new Response("<!doctype html><p>Not found</p>");
    const bytes = Buffer.from(found, "base64");
    if (kind === "flipped") bytes[bytes.length >> 1] ^= 1;
    return new Response(kind === "short" ? bytes.subarray(0, bytes.length >> 1) : bytes);
  };
  const saved = {};
  for (const name of job.without ?? []) {
    saved[name] = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value: undefined, configurable: true, writable: true });
  }
  const index = openIndex("https://help.example.com/search/root.bin", { fetch, patience: job.patience ?? 10_000 });
  const answers = [];
  if (job.warm) await index.warm(job.warm);
  const early = rounds.length;
  for (const query of job.queries) {
    if (query === null) files = job.later;
    else answers.push(await index.search(query, job.options));
  }
  for (const [name, descriptor] of Object.entries(saved)) Object.defineProperty(globalThis, name, descriptor);
  results.push({ answers, fetched, rounds, early });
}
process.stdout.write(JSON.stringify(results));
