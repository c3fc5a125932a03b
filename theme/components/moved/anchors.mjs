// Anchors that are no longer on a page, and where each leads now.

/**
 * @param {string | undefined} data JSON of anchor → URL
 * @param {string} hash `#%D0%B2%D1%8B%D0%B1%D0%BE%D1%80`, as `location.hash` has it
 * @returns {string | null} the URL that the anchor leads to, or null if it has not moved
 */
export function moved(data, hash) {
  if (!data || hash.length < 2) return null;
  let anchor = hash.slice(1);
  try {
    anchor = decodeURIComponent(anchor);
  } catch {
    // An incomplete escape: use the text as it is.
  }
  anchor = anchor.normalize("NFC");
  const anchors = JSON.parse(data);
  return Object.hasOwn(anchors, anchor) ? anchors[anchor] : null;
}
