// Redirects and keeps query and fragment. An anchor that has moved elsewhere leads there in one step. Where the answer
// is in several languages, the reader's last choice decides, else the languages of the browser.

import { moved } from "./components/moved/anchors.mjs";

/**
 * @param {string[]} there the codes there are, that of the page first
 * @returns {string} the one that the reader prefers
 */
function preferred(there) {
  let chosen = null;
  try {
    chosen = localStorage.getItem("kb-language");
  } catch {
    // Without storage the browser's languages decide.
  }
  for (const wanted of [chosen, ...navigator.languages]) {
    const code = (wanted ?? "").toLowerCase();
    const found =
      there.find((one) => one.toLowerCase() === code) ??
      there.find((one) => code && one.toLowerCase().split("-")[0] === code.split("-")[0]);
    if (found) return found;
  }
  return there[0];
}

const target = document.getElementById("kb--target");
if (target instanceof HTMLAnchorElement) {
  /** @type {HTMLAnchorElement[]} */
  const others = [...document.querySelectorAll("main[data-languages] a[lang]")].filter((one) => one instanceof HTMLAnchorElement);
  const own = document.documentElement.lang;
  const language = others.length ? preferred([own, ...others.map(({ lang }) => lang)]) : own;
  const other = others.find(({ lang }) => lang === language);
  const elsewhere = other ? null : moved(target.dataset.anchors, location.hash);
  const url = new URL(elsewhere ?? (other ?? target).getAttribute("href") ?? "", location.href);
  url.search = location.search;
  if (location.hash && !elsewhere) url.hash = location.hash;
  location.replace(url);
}
