// Redirects and keeps query and fragment. An anchor that has moved elsewhere leads there in one step.

import { moved } from "./components/moved/anchors.mjs";

const target = document.getElementById("kb--target");
if (target instanceof HTMLAnchorElement) {
  const elsewhere = moved(target.dataset.anchors, location.hash);
  const url = new URL(elsewhere ?? target.getAttribute("href") ?? "", location.href);
  url.search = location.search;
  if (location.hash && !elsewhere) url.hash = location.hash;
  location.replace(url);
}
