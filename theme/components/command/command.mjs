// Copies the command beside its button.

import { copy, say, word } from "../../page.mjs";

const SHOWN = 4_000;

/** @param {HTMLElement} root */
export function start(root) {
  const button = root.querySelector("button");
  const command = root.querySelector("[data-command]");
  const label = button?.textContent ?? "";
  button?.addEventListener("click", async () => {
    try {
      await copy(command?.textContent ?? "");
      button.textContent = word("Copied");
      say(word("Copied"));
      setTimeout(() => (button.textContent = label), SHOWN);
    } catch {
      if (command) getSelection()?.selectAllChildren(command);
      say(word("Selected: copy it with Ctrl C or ⌘ C"));
    }
  });
}
