// What was typed and not sent, by who and where: it waits there, and outlives that the page is loaded anew.

const BEGINNING = "portwire draft";

export function draftKey(person, channel, thread) {
  return [BEGINNING, person, channel, thread].join(" ");
}

export function draft(key) {
  return sessionStorage.getItem(key) ?? "";
}

export function keepDraft(key, words) {
  if (words) sessionStorage.setItem(key, words);
  else sessionStorage.removeItem(key);
}
