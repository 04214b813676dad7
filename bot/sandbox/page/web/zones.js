// Moments in a time zone, as a date-and-time input writes them: "2026-03-04T09:30".

export function wallOf(epoch, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(epoch * 1000).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

// Seconds since 1970. A time that the zone skips in spring is moved on by what was skipped.
export function epochOf(wall, zone) {
  const wanted = Date.parse(`${wall}Z`) / 1000;
  const ahead = (epoch) => Date.parse(`${wallOf(epoch, zone)}Z`) / 1000 - epoch;
  const near = wanted - ahead(wanted);
  const found = wanted - ahead(near);
  return wallOf(found, zone) === wall ? found : Math.max(near, found);
}
