// Redirects, keeping query and fragment.

const target = document.getElementById("target");
if (target instanceof HTMLAnchorElement) {
  const url = new URL(target.href);
  url.search = location.search;
  url.hash = location.hash;
  location.replace(url);
}
