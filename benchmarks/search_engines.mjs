// One engine over one corpus in Node: `node search_engines.mjs ENGINE FOLDER`. FOLDER holds documents.json and
// queries.json; results go to stdout as JSON: build time, bytes, answers and the time of each query.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

const [, , engine, folder] = process.argv;
const require = createRequire(join(process.cwd(), "package.json"));
const documents = JSON.parse(readFileSync(join(folder, "documents.json"), "utf-8"));
const queries = JSON.parse(readFileSync(join(folder, "queries.json"), "utf-8"));
const packed = (text) => gzipSync(text, { level: 9 }).length;
const fileSize = (path) => packed(readFileSync(path));
const flat = documents.map(({ id, title, answer, sections }) => ({
  id,
  title,
  body: [answer, ...sections.flatMap(({ heading, text }) => [heading, text])].join("\n"),
}));

const engines = {
  async kb() {
    let bytes = 0;
    const { openIndex } = await import(pathToFileURL(join(folder, "kb-scripts", "index.mjs")).href);
    const fetch = async (url) => {
      const data = readFileSync(new URL(url));
      bytes += data.length;
      return new Response(data);
    };
    const open = () => openIndex(pathToFileURL(join(folder, "kb", "root.bin")).href, { fetch });
    const script = JSON.parse(readFileSync(join(folder, "kb-scripts.json"), "utf-8")).bytes;
    let index = open();
    return {
      search: async (query) => (await index.search(query, { limit: 10 })).hits.map((hit) => hit.id),
      fresh: () => {
        index = open();
        bytes = script;
      },
      bytes: () => bytes,
    };
  },

  async minisearch() {
    const { default: MiniSearch } = await import(pathToFileURL(require.resolve("minisearch")).href);
    const options = { fields: ["title", "body"], searchOptions: { prefix: true, fuzzy: 0.2, boost: { title: 3 } } };
    const index = new MiniSearch({ ...options, storeFields: ["title"] });
    index.addAll(flat);
    const bytes = packed(JSON.stringify(index)) + fileSize(require.resolve("minisearch"));
    return { search: (query) => index.search(query).slice(0, 10).map((hit) => hit.id), bytes: () => bytes };
  },

  async lunr() {
    const lunr = require("lunr");
    const index = lunr(function () {
      this.ref("id");
      this.field("title", { boost: 3 });
      this.field("body");
      for (const document of flat) this.add(document);
    });
    const titles = JSON.stringify(documents.map(({ id, title }) => [id, title]));
    const script = join(require.resolve("lunr"), "..", "lunr.min.js");
    const bytes = packed(JSON.stringify(index)) + packed(titles) + fileSize(script);
    const clean = (query) => query.replace(/[~^:*+-]/g, " ");
    return { search: (query) => index.search(clean(query)).slice(0, 10).map((hit) => hit.ref), bytes: () => bytes };
  },

  // Material's own worker, unchanged, in a context that looks like a worker's.
  async material() {
    const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    const rows = documents.flatMap(({ id, title, answer, sections }) => [
      { location: `${id}/`, title: escape(title), text: `<p>${escape(answer)}</p>` },
      ...sections.map(({ heading, text }, at) => ({
        location: `${id}/#${at}`,
        title: escape(heading),
        text: `<p>${escape(text)}</p>`,
      })),
    ]);
    const config = { lang: ["en"], separator: "[\\s\\-]+", pipeline: ["stopWordFilter"] };
    const data = { config: { ...config, fields: { title: { boost: 1e3 }, text: { boost: 1 }, tags: { boost: 1e6 } } }, docs: rows };
    let handle, answer;
    const scope = {
      console: { log() {}, warn() {} },
      postMessage: (message) => answer(message),
      addEventListener: (_, listener) => (handle = listener),
    };
    scope.self = scope.globalThis = scope;
    const worker = process.env.MATERIAL_WORKER;
    vm.runInContext(readFileSync(worker, "utf-8"), vm.createContext(scope));
    const ask = (message) => new Promise((resolve) => ((answer = resolve), handle({ data: message })));
    await ask({ type: 0, data: { ...data, options: { suggest: false } } });
    const bytes = packed(JSON.stringify(data)) + fileSize(worker);
    const search = async (query) =>
      (await ask({ type: 2, data: query })).data.items.slice(0, 10).map((group) => group[0].location.split("/")[0]);
    return { search, bytes: () => bytes };
  },
};

const started = performance.now();
const index = await engines[engine]();
const build = performance.now() - started;
const answers = [];
const first = [];
const further = [];
const times = [];
for (const [at, query] of queries.entries()) {
  index.fresh?.();
  answers.push(await index.search(query));
  const before = index.bytes();
  first.push(before);
  await index.search(queries[(at + 1) % queries.length]);
  further.push(index.bytes() - before);
}
for (const query of queries) await index.search(query);
for (const query of queries) {
  const asked = performance.now();
  await index.search(query);
  times.push(performance.now() - asked);
}
process.stdout.write(JSON.stringify({ build, answers, first, further, times }));
