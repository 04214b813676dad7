// Slack's dates: a moment, and a form such as "{date_short_pretty} at {time}", in the zone of whoever looks.
// What the tokens mean: docs.slack.dev/reference/block-kit/block-elements/date-element
import { written } from "./clock.js";

const DAY_S = 86_400;
const STEPS = [
  ["year", 365 * DAY_S],
  ["month", 30 * DAY_S],
  ["day", DAY_S],
  ["hour", 3600],
  ["minute", 60],
];

// Null where the form holds a token that Slack does not know, or no calendar the moment: then the fallback is shown.
export function slackDate(timestamp, form, zone, now) {
  if (!isMoment(timestamp)) return null;
  const moment = new Moment(new Date(timestamp * 1000), zone, now);
  let isKnown = true;
  const text = form.replace(/\{(\w+)\}/g, (_, token, place) => {
    const write = FORMS[token];
    isKnown &&= write !== undefined;
    const words = write ? write(moment) : "";
    return place === 0 ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  });
  return isKnown ? text : null;
}

// A calendar ends 8.64 quadrillion milliseconds from 1970, a message can name any number.
export function isMoment(timestamp) {
  return !Number.isNaN(new Date(timestamp * 1000).getTime());
}

export function wholeMoment(timestamp, zone) {
  return written(new Date(timestamp * 1000), { dateStyle: "full", timeStyle: "long" }, zone);
}

class Moment {
  constructor(date, zone, now) {
    this.date = date;
    this.zone = zone;
    this.now = now;
  }

  part(options, date = this.date) {
    return written(date, options, this.zone);
  }

  // "2026-11-24"
  key(date = this.date) {
    const [month, day, year] = this.part({ year: "numeric", month: "2-digit", day: "2-digit" }, date).split("/");
    return `${year}-${month}-${day}`;
  }

  get year() {
    return this.part({ year: "numeric" });
  }

  get isThisYear() {
    return this.year === this.part({ year: "numeric" }, this.now);
  }

  // "November 24th"
  get day() {
    return `${this.part({ month: "long" })} ${ordinal(Number(this.part({ day: "numeric" })))}`;
  }

  get weekday() {
    return this.part({ weekday: "long" });
  }

  get time() {
    return this.part({ hour: "numeric", minute: "2-digit" });
  }

  // Days of the calendar from today, in this zone.
  get distance() {
    return Math.round((Date.parse(this.key()) - Date.parse(this.key(this.now))) / (1000 * DAY_S));
  }
}

const FORMS = {
  date_num: (moment) => moment.key(),
  date_slash: (moment) => moment.key().split("-").reverse().join("/"),
  date: (moment) => (moment.isThisYear ? moment.day : `${moment.day}, ${moment.year}`),
  date_short: (moment) => moment.part({ month: "short", day: "numeric", year: "numeric" }),
  date_long: (moment) => `${moment.weekday}, ${moment.day}, ${moment.year}`,
  date_long_full: (moment) => moment.part({ month: "long", day: "numeric", year: "numeric" }),
  date_pretty: (moment) => nearDay(moment) ?? FORMS.date(moment),
  date_short_pretty: (moment) => nearDay(moment) ?? FORMS.date_short(moment),
  date_long_pretty: (moment) => nearDay(moment) ?? FORMS.date_long(moment),
  day_divider_pretty: (moment) =>
    nearDay(moment) ?? (moment.isThisYear ? `${moment.weekday}, ${moment.day}` : FORMS.date_long(moment)),
  time: (moment) => moment.time,
  time_secs: (moment) => moment.part({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

function nearDay(moment) {
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[moment.distance];
}

function ago(moment) {
  const seconds = (moment.date - moment.now) / 1000;
  const [unit, length] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en-US").format(Math.trunc(seconds / length), unit);
}

function ordinal(number) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + ending[new Intl.PluralRules("en-US", { type: "ordinal" }).select(number)];
}
