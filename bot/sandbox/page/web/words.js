// A text object's words: as parts where it stands by itself, as a plain string for names and placeholders.
import { h } from "vue";
import { Parts } from "./text.js";

export function Words({ text }) {
  return text.parts ? h(Parts, { parts: text.parts }) : text.text;
}
Words.props = { text: { type: Object, required: true } };

export function plain(text) {
  if (!text) return "";
  return text.parts ? text.parts.map(said).join("") : text.text;
}

function said(part) {
  if (part.type === "break") return "\n";
  if (part.type === "emoji") return part.sign ?? `:${part.name}:`;
  return part.text ?? part.url ?? part.fallback ?? "";
}
