// The length of a reply as its channel counts it: as kb_builder/support/channel_text.py does. No DOM.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");
const LINK = /https?:\/\/\S+|(?<![@.\p{L}\p{N}_-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/\S*)?/giu;
const PICTURE = "[\\u{1f000}-\\u{1faff}\\u2600-\\u27bf][\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*";
const EMOJI = new RegExp(`${PICTURE}(?:\\u200d${PICTURE})*`, "gu");

/**
 * @param {string} text
 * @param {string} channel
 * @returns {{ length: number, segments: number }}
 */
export function measure(text, channel) {
  if (channel === "sms") return textMessage(text);
  return { length: channel === "twitter" ? weight(text) : [...text].length, segments: 1 };
}

/** @param {string} text */
function textMessage(text) {
  const characters = [...text];
  const gsm = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  const sizes = characters.map((character) => (gsm ? (EXTENDED.has(character) ? 2 : 1) : character.length));
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const length = sizes.reduce((sum, size) => sum + size, 0);
  if (length <= single) return { length, segments: 1 };
  let segments = 1;
  let room = part;
  for (const size of sizes) {
    if (size > room) {
      segments += 1;
      room = part;
    }
    room -= size;
  }
  return { length, segments };
}

/** @param {string} text */
function weight(text) {
  const links = text.match(LINK)?.length ?? 0;
  const rest = text.replace(LINK, "").normalize("NFC");
  const emoji = rest.match(EMOJI)?.length ?? 0;
  let sum = links * 23 + emoji * 2;
  for (const character of rest.replace(EMOJI, "")) {
    const code = character.codePointAt(0) ?? 0;
    const light = code <= 0x10ff || (code >= 0x2000 && code <= 0x200d) || (code >= 0x2010 && code <= 0x201f) || (code >= 0x2032 && code <= 0x2037);
    sum += light ? 1 : 2;
  }
  return sum;
}
