// Sends the reader on and keeps what stood behind the address: query and fragment.

const target = document.getElementById("target");
if (target instanceof HTMLAnchorElement) {
  const url = new URL(target.href);
  url.search = location.search;
  url.hash = location.hash;
  location.replace(url);
}
