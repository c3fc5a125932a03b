// Shows at each channel whether it is open, and when that changes, in the reader's time zone.

import { locale, word } from "../../page.mjs";
import { parseHours, stateAt } from "./hours.mjs";

const MINUTE = 60_000;

/**
 * @param {import("./hours.mjs").State} state
 * @param {Date} now
 * @param {boolean} abroad whether the reader is in another time zone than the channel
 */
function words({ open, changes }, now, abroad) {
  if (!changes) return open ? word("Open now") : word("Closed now");
  const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(changes).replace(" ", "\u00a0");
  const time = abroad ? word("{time} your time", { time: clock }) : clock;
  const days = Math.round((new Date(changes).setHours(0, 0, 0, 0) - new Date(now).setHours(0, 0, 0, 0)) / 86_400_000);
  if (open && days) return word("Open now");
  if (open) return word("Open now, until {time}", { time });
  if (days === 0) return word("Closed now, opens today at {time}", { time });
  if (days === 1) return word("Closed now, opens tomorrow at {time}", { time });
  if (days < 7) {
    const weekday = new Intl.DateTimeFormat(locale, { weekday: "long" }).format(changes);
    return word("Closed now, opens on {weekday} at {time}", { weekday, time });
  }
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }).format(changes);
  return word("Closed now, opens on {date} at {time}", { date, time });
}

/**
 * The element for the open state, below the address.
 * @param {HTMLElement} channel
 */
function lineOf(channel) {
  const found = channel.querySelector("[data-kb-state]");
  // A custom template may contain it already, hidden.
  found?.removeAttribute("hidden");
  if (found) return found;
  const line = document.createElement("p");
  line.className = "kb-channel__state";
  line.dataset.kbState = "";
  channel.querySelector("p")?.after(line);
  return line;
}

/**
 * @param {HTMLElement} root
 * @param {string} zone
 */
function update(root, zone) {
  const now = new Date();
  const here = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", dateStyle: "short" }).format(now);
  const there = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", dateStyle: "short", timeZone: zone }).format(now);
  /** @type {Element | undefined} */
  let best;
  let fastest = Infinity;
  for (const channel of root.querySelectorAll("[data-hours]")) {
    if (!(channel instanceof HTMLElement) || channel.dataset.kind === "post") continue;
    const closed = channel.dataset.closed?.split(" ") ?? [];
    const state = stateAt(now, zone, parseHours(channel.dataset.hours ?? ""), closed);
    const line = lineOf(channel);
    line.textContent = words(state, now, here !== there);
    line.classList.toggle("kb-channel__state--open", state.open);
    const wait = Number(channel.dataset.wait);
    if (state.open && wait < fastest) [fastest, best] = [wait, line];
  }
  if (!best) return;
  const badge = document.createElement("span");
  badge.className = "kb-channel__best";
  badge.textContent = word("Fastest now");
  best.append(" ", badge);
}

/** @param {HTMLElement} root */
export function start(root) {
  const zone = root.dataset.timeZone ?? "UTC";
  update(root, zone);
  setInterval(() => update(root, zone), MINUTE);
}
