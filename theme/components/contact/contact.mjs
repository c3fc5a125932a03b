// Says beside each channel whether somebody is there now, and when that changes, in the reader's own time.

import { parseHours, stateAt } from "./hours.mjs";

const MINUTE = 60_000;

/**
 * @param {import("./hours.mjs").State} state
 * @param {Date} now
 * @param {boolean} abroad whether the reader's clock shows another time than the channel's
 */
function words({ open, changes }, now, abroad) {
  if (!changes) return open ? "Open now" : "Closed now";
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(changes);
  const days = Math.round((new Date(changes).setHours(0, 0, 0, 0) - new Date(now).setHours(0, 0, 0, 0)) / 86_400_000);
  const mine = abroad ? " your time" : "";
  if (open) return days === 0 ? `Open now, until ${time}${mine}` : "Open now";
  const weekday = new Intl.DateTimeFormat(language, days < 7 ? { weekday: "long" } : { day: "numeric", month: "long" });
  const day = days === 0 ? "today" : days === 1 ? "tomorrow" : `on ${weekday.format(changes)}`;
  return `Closed now, opens ${day} at ${time}${mine}`;
}

/**
 * @param {HTMLElement} root
 * @param {string} zone
 */
function update(root, zone) {
  const now = new Date();
  const here = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", dateStyle: "short" }).format(now);
  const there = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", dateStyle: "short", timeZone: zone }).format(now);
  for (const channel of root.querySelectorAll("[data-hours]")) {
    const line = channel.querySelector("[data-kb-state]");
    if (!(channel instanceof HTMLElement) || !(line instanceof HTMLElement) || channel.dataset.kind === "post") continue;
    const closed = channel.dataset.closed?.split(" ") ?? [];
    const state = stateAt(now, zone, parseHours(channel.dataset.hours ?? ""), closed);
    line.textContent = words(state, now, here !== there);
    line.classList.toggle("kb-channel__state--open", state.open);
    line.hidden = false;
  }
}

/** @param {HTMLElement} root */
export function start(root) {
  const zone = root.dataset.timeZone ?? "UTC";
  update(root, zone);
  setInterval(() => update(root, zone), MINUTE);
}
