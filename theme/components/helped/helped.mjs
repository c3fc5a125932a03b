// “Did this help?”: yes is one message; no is one message too, and why is another, if the reader cares to say.

import { say } from "../../page.mjs";
import { post } from "./post.mjs";

/**
 * @param {HTMLElement} root
 * @param {Event} [first] the click that made this start
 */
export function start(root, first) {
  const endpoint = root.dataset.endpoint ?? "";
  const article = document.querySelector("[data-article]")?.getAttribute("data-article") ?? "";
  const problem = root.querySelector("[data-kb-problem]");

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

  /** @param {Record<string, string | boolean>} message */
  async function send(message) {
    try {
      await post(endpoint, { article, ...message });
      show("thanks");
    } catch {
      problem?.removeAttribute("hidden");
      if (problem instanceof HTMLElement) problem.focus();
    }
  }

  /** @param {Event} event */
  function answer(event) {
    const button = event.target instanceof Element ? event.target.closest("button[value]") : null;
    const value = button?.getAttribute("value");
    if (value === "yes") send({ helped: true });
    if (value !== "no") return;
    show("why");
    document.querySelector(".kb-contact")?.classList.add("kb-contact--asked");
    say("The ways to reach us are at the end of this page");
    // The reason matters more than this count; if it fails, sending the reason will say so.
    post(endpoint, { article, helped: false }).catch(console.error);
  }

  root.addEventListener("click", answer);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!(root instanceof HTMLFormElement)) return;
    const fields = new FormData(root);
    send({ reason: String(fields.get("reason") ?? ""), comment: String(fields.get("comment") ?? "").trim() });
  });
  if (first) answer(first);
}
