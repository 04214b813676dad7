// Moments as Slack writes them beside messages, in the zone of whoever looks.

const DAY_MS = 86_400_000;

export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

export function timeOfDay(date, zone) {
  return date.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: zone });
}

// "Today", "Yesterday", or "Thursday, November 26th".
export function dayOf(date, zone, now = new Date()) {
  const day = dayKey(date, zone);
  if (day === dayKey(now, zone)) return "Today";
  if (day === dayKey(new Date(now - DAY_MS), zone)) return "Yesterday";
  const words = new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric", timeZone: zone });
  return words.format(date);
}

// The same for all moments of one day in a zone.
export function dayKey(date, zone) {
  return date.toLocaleDateString("en-CA", { timeZone: zone });
}

export function fullMoment(date, zone) {
  return date.toLocaleString("en-US", { dateStyle: "full", timeStyle: "medium", timeZone: zone });
}
