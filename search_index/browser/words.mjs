// Text to words, exactly as search_index/words.py does it. FORMAT.md, "Words", is the specification of both.

export const LONGEST_WORD = 40;
const NO_SPACES =
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff" +
  "\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const WORD = "[^ '._+#\\-]";
const RUN = new RegExp(
  `${WORD}+(?:[-_]${WORD}+|\\.(?=[0-9])(?<=[0-9]\\.)${WORD}+)*(?:[+#]{1,3}(?!${WORD}))?`,
  "gu",
);
const PARTS = new RegExp(`[^ '_\\-${NO_SPACES}]+|[${NO_SPACES}]+`, "gu");
const NO_SPACE_START = new RegExp(`^[${NO_SPACES}]`, "u");
const APOSTROPHE_INSIDE = new RegExp(`(?<=${WORD})'(?=${WORD})`, "gu");
/** @type {Record<string, string>} */
const FOLDED = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i",
  ى: "ي", ی: "ي", ک: "ك", ة: "ه", ـ: "",
};
const ARABIC_ARTICLE = /^(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=.{3})/u;
const THOUSANDS = /(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])/g;
const DECIMAL_COMMA = /(?<![0-9.,])([0-9]+),([0-9]{1,2})(?![0-9,])/g;
const LONGEST_QUERY = 500;
const MOST_WORDS = 64;

/**
 * @param {string} text
 * @param {boolean} eliding whether an apostrophe separates words
 */
function normal(text, eliding) {
  return plainDigits(text.normalize("NFKC").toLowerCase().normalize("NFKC"))
    .replace(THOUSANDS, (number) => number.replaceAll(",", ""))
    .replace(DECIMAL_COMMA, "$1.$2")
    .replace(/['’ʼ＇]/g, "'")
    .replace(/[‐‑]/g, "-")
    .replace(/[\p{Cf}\ufe00-\ufe0f]/gu, "")
    .replace(/[^\p{L}\p{M}\p{N}._+#'-]/gu, " ")
    .replace(/(?<=(^| )[a-z]) (?=(\+ ?\+|#)( |$))|(?<=(^| )[a-z] \+) (?=\+( |$))/g, "")
    .replace(APOSTROPHE_INSIDE, eliding ? " " : "");
}

/**
 * Every decimal digit and separator as ASCII has it: `٣٠` is `30`. Digits of a script follow one another from 0 to 9.
 * @param {string} text
 */
export function plainDigits(text) {
  return text.replaceAll("\u066b", ".").replaceAll("\u066c", ",").replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = /** @type {number} */ (digit.codePointAt(0));
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((code - zero) % 10);
  });
}

/**
 * The words of a text in order; scripts without spaces yield overlapping pairs of characters.
 * @param {string} text
 * @param {boolean} eliding
 * @returns {string[]}
 */
export function words(text, eliding) {
  const found = [];
  for (const joined of normal(text, eliding).match(RUN) ?? []) {
    for (const part of joined.match(PARTS) ?? []) {
      const chars = Array.from(part);
      if (!NO_SPACE_START.test(part)) found.push(chars.slice(0, LONGEST_WORD).join(""));
      else if (chars.length === 1) found.push(part);
      else for (let at = 0; at + 1 < chars.length; at++) found.push(chars[at] + chars[at + 1]);
    }
  }
  return found;
}

/**
 * A word without accents, ligatures and the Arabic article: the key under which the dictionary keeps it.
 * @param {string} word
 */
export function fold(word) {
  return word
    .replace(/[^a-z0-9]/gu, (char) => FOLDED[char] ?? char)
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g, "")
    .normalize("NFC")
    .replace(ARABIC_ARTICLE, "");
}

/**
 * FNV-1a of the words joined by spaces, folded to 24 bits: finds exact titles.
 * @param {readonly string[]} titleWords
 */
export function fingerprint(titleWords) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(titleWords.join(" "))) value = Math.imul(value ^ byte, 0x01000193);
  return ((value >>> 8) ^ (value & 0xff)) >>> 0;
}

/**
 * A query taken apart. Never fails, whatever the text.
 * @param {string} text
 * @param {boolean} eliding
 */
export function parse(text, eliding) {
  const read = Array.from(text.slice(0, 2 * LONGEST_QUERY)).slice(0, LONGEST_QUERY).join("");
  const phrases = [...read.matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]/g)].map((match) => words(match[1], eliding));
  const every = words(read, eliding).slice(0, MOST_WORDS);
  const quoted = new Set(phrases.flat());
  const last = every.at(-1);
  return {
    every,
    unique: [...new Set(every)],
    quoted,
    phrases: phrases.filter((phrase) => phrase.length),
    last: last && !quoted.has(last) ? last : null,
  };
}
