// What the composer offers while somebody types.

const MOST = 12; // all commands of ours; the list scrolls where it is too high

// Lines that begin as typed; behind a command the words that it takes; behind @ people.
// Each offer: `text` the whole line when taken, `shown`, `what`.
export function suggested(text, suggestions, viewer) {
  const last = text.match(/\S*$/)[0];
  const before = text.slice(0, text.length - last.length);
  if (last.startsWith("@") && last.length > 0) return people(before, last.slice(1), viewer);
  if (!text.startsWith("/")) return [];
  const lines = suggestions
    .filter((each) => each.line && each.line.startsWith(text.toLowerCase()) && each.line.trim() !== text.trim())
    .map((each) => ({ text: each.line, shown: each.shown, what: each.what }));
  return [...lines, ...words(before, last, suggestions)].slice(0, MOST);
}

function words(before, last, suggestions) {
  const command = before.trim().split(/\s+/)[1];
  const [, minus, start] = last.match(/^(-?)(.*)$/);
  return suggestions
    .filter((each) => each.word && each.behind.includes(command) && fits(each.word, start.toLowerCase(), before))
    .map((each) => ({ text: before + minus + each.word + gap(each.word), shown: minus + each.word, what: each.what }));
}

// A key's values are offered once the key stands there; keys that stand there already are not offered again.
function fits(word, start, before) {
  if (word === start || !word.startsWith(start)) return false;
  const [key, value] = word.split(":");
  if (value) return start.startsWith(`${key}:`);
  return !before.includes(`${key}:`);
}

function gap(word) {
  return word.endsWith(":") ? "" : " ";
}

function people(before, start, viewer) {
  const names = [viewer.app.name, ...Object.values(viewer.people).map((person) => person.name)];
  return names
    .filter((name) => name.startsWith(start.toLowerCase()) && name !== start)
    .map((name) => ({ text: `${before}@${name} `, shown: `@${name}`, what: name === viewer.app.name ? "app" : "" }))
    .slice(0, MOST);
}
