// A page whose headings have moved: an old anchor leads to the new place.

import { moved } from "./anchors.mjs";

/** @param {HTMLElement} root */
export function start(root) {
  const follow = () => {
    const elsewhere = moved(root.dataset.anchors, location.hash);
    if (!elsewhere) return;
    const url = new URL(elsewhere, location.href);
    if (url.pathname !== location.pathname) url.search = location.search;
    location.replace(url);
  };
  addEventListener("hashchange", follow);
  follow();
}
