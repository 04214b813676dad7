// What Slack's editor makes of words like :tada:, @maya and #porting.

const NAMED = /(:[a-z0-9_+-]+:|[@#][\w.-]*\w)/;

// The leaves of rich_text, with mentions and emoji in place of the words for them; code stays as it is.
export function withMentions(value, viewer) {
  return value && { ...value, elements: value.elements.map((part) => inPart(part, viewer)) };
}

function inPart(part, viewer) {
  if (part.type === "rich_text_preformatted") return part;
  const inner = part.type === "rich_text_list" ? (each) => [inPart(each, viewer)] : (each) => inLeaf(each, viewer);
  return { ...part, elements: part.elements.flatMap(inner) };
}

function inLeaf(leaf, viewer) {
  if (leaf.type !== "text" || leaf.style?.code) return [leaf];
  const pieces = leaf.text.split(NAMED).filter(Boolean).map((words) => meant(words, viewer) ?? { type: "text", text: words });
  return joined(pieces.map((piece) => (leaf.style ? { ...piece, style: leaf.style } : piece)));
}

function meant(words, viewer) {
  if (/^:.+:$/.test(words)) return { type: "emoji", name: words.slice(1, -1) };
  const name = words.slice(1);
  const find = (all) => Object.values(all).find((each) => each.name === name && !each.is_im);
  if (words[0] === "@" && name === viewer.app.name) return { type: "user", user_id: viewer.app.user_id };
  if (words[0] === "@" && find(viewer.people)) return { type: "user", user_id: find(viewer.people).id };
  if (words[0] === "#" && find(viewer.channels)) return { type: "channel", channel_id: find(viewer.channels).id };
  return null;
}

// Words that turned out to mean nothing go back to what stands before them.
function joined(pieces) {
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.type === "text" && last?.type === "text") found[found.length - 1] = { ...last, text: last.text + piece.text };
    else found.push(piece);
  }
  return found;
}
