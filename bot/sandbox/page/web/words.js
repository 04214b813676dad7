// A text object's words: as parts where it stands by itself, as a plain string for names and placeholders.
import { h } from "vue";
import { Parts, wordsOf } from "./text.js";

export function Words({ text }) {
  return text.parts ? h(Parts, { parts: text.parts }) : text.text;
}
Words.props = { text: { type: Object, required: true } };

export function plain(text) {
  if (!text) return "";
  return text.parts ? wordsOf(text.parts) : text.text;
}
