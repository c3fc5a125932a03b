// The menu is a details element; this adds closing by Escape and by a click outside.

/** @param {HTMLElement} root */
export function start(root) {
  if (!(root instanceof HTMLDetailsElement)) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.open) return;
    const inside = root.contains(document.activeElement);
    root.open = false;
    if (inside) root.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !root.contains(event.target)) root.open = false;
  });
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) root.open = false;
  });
}
