// Text as a person reads it: parts, each shaped like an element of rich_text. See bot/sandbox/page/drawing.py.
import { h, inject } from "vue";
import { nameOf } from "./avatar.js";
import { isMoment, slackDate, wholeMoment } from "./dates.js";
import { PAPER } from "./paper.js";

const SAFE = /^(?:https?|mailto|tel|slack):/i;
const STYLES = [
  ["code", (inner) => h("code", { class: "t-code" }, inner)],
  ["highlight", (inner) => h("mark", { class: "t-mark" }, inner)],
  ["client_highlight", (inner) => h("mark", { class: "t-mark" }, inner)],
  ["underline", (inner) => h("u", inner)],
  ["strike", (inner) => h("s", inner)],
  ["italic", (inner) => h("i", inner)],
  ["bold", (inner) => h("b", inner)],
];

// What may be read in one line with others. `viewer` is who looks: their zone, and the names that they know.
const WORDS = {
  text: (part) => part.text,
  break: () => h("br"),
  link: (part) => link(part.url, part.text || part.url),
  emoji: (part) =>
    part.sign
      ? h("span", { class: "t-emoji", role: "img", "aria-label": part.name, title: `:${part.name}:` }, part.sign)
      : `:${part.name}:`,
  user: (part, viewer) => mention(`@${nameOf(viewer, part.user_id, part.label)}`, part.user_id === viewer.me),
  channel,
  usergroup: (part, viewer) => mention(`@${groupOf(viewer, part)}`),
  team: (part) => mention(`@${part.team_id}`),
  broadcast: (part) => mention(`@${part.range}`, true),
  color: (part) => h("span", { class: "t-color" }, [h("i", { style: { background: part.value } }), part.value]),
  date,
};

export const Parts = {
  props: { parts: { type: Array, default: () => [] } },
  setup(props) {
    const viewer = inject("viewer");
    return () => drawParts(props.parts, viewer);
  },
};

export function drawParts(parts, viewer) {
  return parts.map((part) => {
    if (PAPER[part.type]) return PAPER[part.type](part, (inner) => drawParts(inner, viewer));
    const draw = WORDS[part.type];
    if (!draw) return h("span", { class: "unknown", "data-unknown": part.type }, part.type);
    return styled(part.style, draw(part, viewer));
  });
}

// All words in one string, for labels, sorting and filters.
export function wordsOf(parts) {
  return parts.map(saidBy).join("");
}

function saidBy(part) {
  if (part.type === "break") return "\n";
  if (part.type === "emoji") return part.sign ?? `:${part.name}:`;
  return part.text ?? part.url ?? part.fallback ?? "";
}

export function link(url, words) {
  if (!SAFE.test(url)) return words;
  return h("a", { class: "t-link", href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

function styled(style, words) {
  if (!style) return words;
  return STYLES.reduce((inner, [name, wrap]) => (style[name] ? wrap(inner) : inner), words);
}

function mention(words, isMine = false) {
  return h("span", { class: ["t-mention", { "t-mine": isMine }] }, words);
}

function groupOf(viewer, { usergroup_id: group, label }) {
  return viewer.usergroups[group] ?? label?.replace(/^@/, "") ?? group;
}

function channel({ channel_id: id, label }, viewer) {
  const place = viewer.channels[id];
  if (!place) return mention(`#${label ?? id}`);
  const words = place.is_im ? `@${place.name}` : `#${place.name}`;
  return h("button", { type: "button", class: "t-mention t-channel", onClick: () => viewer.go(id) }, words);
}

function date(part, viewer) {
  const words = slackDate(part.timestamp, part.format, viewer.tz, viewer.now()) ?? part.fallback ?? "";
  const time = isMoment(part.timestamp) ? timeOf(part.timestamp, words, viewer) : words;
  return part.url ? link(part.url, time) : time;
}

function timeOf(timestamp, words, viewer) {
  const moment = new Date(timestamp * 1000).toISOString();
  return h("time", { datetime: moment, title: wholeMoment(timestamp, viewer.tz) }, words);
}
