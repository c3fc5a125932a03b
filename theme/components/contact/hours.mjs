// Opening hours, days off and a time zone in; open or closed and the next change out. No DOM.

/** @typedef {{ days: number[], opens: number, closes: number }} Opening days from Monday = 0; minutes since midnight */
/** @typedef {{ open: boolean, changes: Date | null }} State whether it is open, and when that changes next */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const HORIZON = 21;

/**
 * Reads `0,1,2,3,4 540 1020; 5 600 840`.
 * @param {string} text
 * @returns {Opening[]}
 */
export function parseHours(text) {
  return text.split(";").filter(Boolean).map((part) => {
    const [days = "", opens = "", closes = ""] = part.trim().split(" ");
    return { days: days.split(",").map(Number), opens: Number(opens), closes: Number(closes) };
  });
}

/** By zone: to make one takes as long as to use it a hundred times. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone */
function formatOf(zone) {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  formats.set(zone, format);
  return format;
}

/**
 * The local time of a zone, as a timestamp in UTC.
 * @param {number} instant
 * @param {string} zone
 */
function wallClock(instant, zone) {
  const part = Object.fromEntries(formatOf(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
}

/**
 * The instant of the local time `wall` in a zone. Two steps, because the offset may change in between.
 * @param {number} wall
 * @param {string} zone
 */
function instantOf(wall, zone) {
  const guess = wall - (wallClock(wall, zone) - wall);
  return guess + (wall - wallClock(guess, zone));
}

/**
 * @param {Date} now
 * @param {string} zone IANA name; an unknown one is a RangeError
 * @param {Opening[]} hours
 * @param {string[]} closed local days off, `2026-12-25`
 * @returns {State}
 */
export function stateAt(now, zone, hours, closed) {
  const today = Math.floor(wallClock(now.getTime(), zone) / DAY) * DAY;
  /** @type {[from: number, until: number][]} */
  const spans = [];
  for (let day = today - DAY; day < today + HORIZON * DAY; day += DAY) {
    if (closed.includes(new Date(day).toISOString().slice(0, 10))) continue;
    const weekday = (new Date(day).getUTCDay() + 6) % 7;
    for (const { days, opens, closes } of hours) {
      if (!days.includes(weekday)) continue;
      const until = closes > opens ? closes : closes + 24 * 60;
      spans.push([instantOf(day + opens * MINUTE, zone), instantOf(day + until * MINUTE, zone)]);
    }
  }
  spans.sort((one, other) => one[0] - other[0]);
  let until = 0;
  for (const [from, to] of spans) {
    if (until ? from > until : from > now.getTime()) {
      return until ? { open: true, changes: new Date(until) } : { open: false, changes: new Date(from) };
    }
    if (to > now.getTime()) until = Math.max(until, to);
  }
  return { open: until > 0, changes: until ? new Date(until) : null };
}
