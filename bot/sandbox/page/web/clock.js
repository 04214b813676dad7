// Moments as Slack writes them beside messages, in the zone of whoever looks.

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000; // days begin on a quarter of an hour in every zone
const DATE = { year: "numeric", month: "2-digit", day: "2-digit" };
const TIME = { hour: "numeric", minute: "2-digit" };
const DAY = { weekday: "long", month: "long", day: "numeric" };
const FULL = { dateStyle: "full", timeStyle: "medium" };
const formats = new Map();
const days = new Map();

export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

export function timeOfDay(date, zone) {
  return written(date, TIME, zone);
}

// "Today", "Yesterday", or "Thursday, November 26".
export function dayOf(date, zone, now = new Date()) {
  const day = dayKey(date, zone);
  if (day === dayKey(now, zone)) return "Today";
  if (day === dayKey(new Date(now - DAY_MS), zone)) return "Yesterday";
  return written(date, DAY, zone);
}

// The same for all moments of one day in a zone. Thousands of messages ask, so answers are kept.
export function dayKey(date, zone) {
  const at = `${zone} ${Math.floor(date / QUARTER_MS)}`;
  if (!days.has(at)) days.set(at, written(date, DATE, zone));
  return days.get(at);
}

export function fullMoment(date, zone) {
  return written(date, FULL, zone);
}

// A moment in words, of those parts. Making a format is slow, using it is not.
export function written(date, parts, zone) {
  const name = `${zone} ${JSON.stringify(parts)}`;
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat("en-US", { ...parts, timeZone: zone }));
  return formats.get(name).format(date);
}
