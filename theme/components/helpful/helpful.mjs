// “Did this help?” Yes and no each post one message; the reason for a no, if given, is a second one.
// The folder has no "feedback" in its name because content blockers block such paths.

import { say, word } from "../../page.mjs";
import { post } from "./post.mjs";

/**
 * @param {HTMLElement} root
 * @param {Event} [first] the click that started the component
 */
export function start(root, first) {
  const endpoint = root.dataset.endpoint ?? "";
  const article = document.querySelector("[data-article]")?.getAttribute("data-article") ?? "";
  const problem = root.querySelector("[data-kb-problem]");
  let sending = false;

  /**
   * @param {string} step
   * @param {boolean} [focus]
   */
  function show(step, focus = true) {
    for (const part of root.querySelectorAll("[data-step]")) {
      part.toggleAttribute("hidden", part.getAttribute("data-step") !== step);
    }
    problem?.setAttribute("hidden", "");
    const target = root.querySelector(`[data-step="${step}"]`);
    const heading = target?.matches("fieldset") ? target.querySelector("legend") : target;
    if (focus && heading instanceof HTMLElement) heading.focus();
  }

  /**
   * One message at a time: a second press during a request sends nothing.
   * @param {Record<string, string | boolean>} message
   * @param {Element | null} button shows that the message is being sent
   */
  async function send(message, button) {
    if (sending) return;
    sending = true;
    const words = button?.textContent ?? "";
    if (button) button.textContent = word("Sending");
    problem?.setAttribute("hidden", "");
    say(word("Sending"));
    try {
      await post(endpoint, { article, ...message });
      show("thanks");
    } catch {
      problem?.querySelector("[data-words-kept]")?.toggleAttribute("hidden", !message.comment);
      problem?.removeAttribute("hidden");
      if (problem instanceof HTMLElement) problem.focus();
    } finally {
      sending = false;
      if (button) button.textContent = words;
      say("");
    }
  }

  /** @param {Event} event */
  function answer(event) {
    const button = event.target instanceof Element ? event.target.closest("button[value]") : null;
    const value = button?.getAttribute("value");
    if (value === "yes") send({ helped: true }, button);
    if (value !== "no" || sending) return;
    show("why");
    document.querySelector(".kb-contact")?.classList.add("kb-contact--highlighted");
    say(word("Contact options are at the end of this page"));
    // A failure is not reported here: sending the reason will report it.
    post(endpoint, { article, helped: false }).catch(console.error);
  }

  root.addEventListener("click", answer);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!(root instanceof HTMLFormElement)) return;
    const fields = new FormData(root);
    const reason = String(fields.get("reason") ?? "");
    const comment = String(fields.get("comment") ?? "").trim();
    if (!reason && !comment) {
      const first = root.querySelector("input[name=reason]");
      if (first instanceof HTMLElement) first.focus();
      return say(word("Choose a reason or write a comment"));
    }
    send({ ...(reason && { reason }), comment }, root.querySelector("[type=submit]"));
  });
  if (first) answer(first);
}
