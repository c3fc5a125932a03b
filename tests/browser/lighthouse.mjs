// Prints a line of JSON for each page: Lighthouse's scores, and which audits cost points. The order of pages is kept.
// node lighthouse.mjs CHROMIUM CLOCK mobile|desktop CATEGORY,... URL...

import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const [executablePath, clock, device, categories, ...urls] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"], headless: "shell" });

/** Pages believe that they are opened at `clock`. @param {string} clock */
function setClock(clock) {
  const Real = Date;
  const late = Real.parse(clock) - Real.now();
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [Real.now() + late]));
    }

    static now() {
      return Real.now() + late;
    }
  };
}

for (const url of urls) {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(setClock, clock);
  const { lhr } = await lighthouse(url, { onlyCategories: categories.split(","), logLevel: "error" }, device === "desktop" ? desktopConfig : undefined, page);
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
  const weighty = new Set(Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight).map(({ id }) => id)));
  const lost = Object.values(lhr.audits).filter(({ id, score }) => weighty.has(id) && score !== null && score < 0.995);
  console.log(JSON.stringify({ url, scores, lost: lost.map(({ id, score, displayValue }) => `${id}: ${displayValue ?? score}`) }));
  await page.close();
}
await browser.close();
