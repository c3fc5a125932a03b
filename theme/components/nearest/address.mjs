// Clues in the URL of a missing page: ids and words to search for.

const NOISE = new Set(["hc", "articles", "article", "en", "us", "gb", "index", "html", "htm", "php", "www", "help", "faq", "page"]);

/**
 * @param {string} path `/hc/en-us/articles/360012345-Cancel-an-order`
 * @returns {{ ids: string[], words: string }} possible article ids, likeliest first, and words to search for
 */
export function clues(path) {
  let text = path;
  try {
    text = decodeURIComponent(path);
  } catch {
    // An incomplete escape: use the text as it is.
  }
  const steps = text.replace(/\.(html?|php|aspx?)$/iu, "").split("/").filter(Boolean);
  const last = (steps.at(-1) ?? "").toLowerCase();
  const slug = last.replace(/[^a-z0-9]+/gu, "-").replace(/^-|-$/gu, "");
  const number = /^\d{3,}/u.exec(slug)?.[0] ?? "";
  const ids = [...new Set([slug, number, slug.slice(number.length).replace(/^-/u, "")])].filter(Boolean);
  const words = steps.slice(-2).join(" ").split(/[^\p{L}\p{M}]+/u).filter((word) => word && !NOISE.has(word.toLowerCase()));
  return { ids, words: words.join(" ").slice(0, 120) };
}
