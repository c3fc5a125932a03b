// Says how copying a short link went; page.mjs copies it while the click is handled.

import { copied, say, word } from "../../page.mjs";

const SHOWN = 4_000;

/** @param {HTMLElement} root */
async function section(root) {
  await copied;
  root.dataset.copied = "";
  setTimeout(() => delete root.dataset.copied, SHOWN);
  say(word("Link to this section copied"));
}

/** @param {HTMLElement} root */
async function wholeAnswer(root) {
  const words = root.querySelector("[data-words]");
  const problem = root.closest("[data-kb=send]")?.querySelector("[data-kb-problem]");
  try {
    await copied;
    problem?.setAttribute("hidden", "");
    if (words) {
      root.dataset.label ??= words.textContent ?? "";
      words.textContent = word("Copied");
      root.focus();
      setTimeout(() => (words.textContent = root.dataset.label ?? ""), SHOWN);
    }
    say(word("Short link copied"));
  } catch {
    problem?.removeAttribute("hidden");
    say(word("Your browser blocked copying"));
  }
}

/** @param {HTMLElement} root */
export async function start(root) {
  const act = root.matches(".headerlink") ? section : wholeAnswer;
  root.addEventListener("click", () => act(root).catch(console.error));
  await act(root);
}
