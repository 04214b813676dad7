// Between what stands in an editor and Slack's rich_text.

const STYLES = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", DEL: "strike", CODE: "code" };
const TAGS = { bold: "b", italic: "i", strike: "s", code: "code" };
const LISTS = { UL: "bullet", OL: "ordered" };
const LINES = new Set(["DIV", "P"]);

// The rich_text block of an editor's content; null if nothing stands there.
export function readRichText(root) {
  const elements = [];
  readBlocks(root, elements);
  const filled = elements.map(trimmed).filter((part) => part.elements.length);
  return filled.length ? { type: "rich_text", elements: filled } : null;
}

function readBlocks(node, found) {
  for (const child of node.childNodes) {
    if (LISTS[child.nodeName]) readList(child, 0, found);
    else if (child.nodeName === "BLOCKQUOTE") found.push({ type: "rich_text_quote", elements: leaves(child) });
    else if (child.nodeName === "PRE") found.push({ type: "rich_text_preformatted", elements: leaves(child) });
    else if (LINES.has(child.nodeName) && child.querySelector("ul, ol, blockquote, pre")) readBlocks(child, found);
    else readLine(child, found);
  }
}

// Lines that follow each other are one section.
function readLine(node, found) {
  if (found.at(-1)?.type !== "rich_text_section") found.push({ type: "rich_text_section", elements: [] });
  const { elements } = found.at(-1);
  if (LINES.has(node.nodeName) && elements.length && !elements.at(-1).text?.endsWith("\n")) add(elements, "\n", {});
  readInto(node, {}, elements);
  if (LINES.has(node.nodeName)) add(elements, "\n", {});
}

function readList(list, indent, found) {
  let part = null;
  for (const item of list.children) {
    if (LISTS[item.nodeName]) {
      readList(item, indent + 1, found);
      part = null;
      continue;
    }
    const inner = [...item.children].filter((child) => LISTS[child.nodeName]);
    if (!part) found.push((part = { type: "rich_text_list", style: LISTS[list.nodeName], indent, elements: [] }));
    part.elements.push(trimmed({ type: "rich_text_section", elements: leaves(item) }));
    inner.forEach((each) => readList(each, indent + 1, found));
    if (inner.length) part = null;
  }
}

function leaves(node) {
  const elements = [];
  for (const child of node.childNodes) {
    if (LISTS[child.nodeName]) continue;
    if (LINES.has(child.nodeName) && elements.length) add(elements, "\n", {});
    readInto(child, {}, elements);
  }
  return trimmed({ elements }).elements;
}

function readInto(node, style, elements) {
  if (node.nodeType === Node.TEXT_NODE) return add(elements, node.data.replaceAll("\u00a0", " "), style);
  if (node.nodeName === "BR") return add(elements, "\n", {});
  if (node.nodeName === "A") return elements.push(styled({ type: "link", url: node.href, text: node.textContent }, style));
  const own = STYLES[node.nodeName];
  const inside = own ? { ...style, [own]: true } : style;
  return node.childNodes.forEach((child) => readInto(child, inside, elements));
}

function add(elements, text, style) {
  if (!text) return;
  const last = elements.at(-1);
  const isSame = last?.type === "text" && JSON.stringify(last.style ?? {}) === JSON.stringify(style);
  if (isSame) last.text += text;
  else elements.push(styled({ type: "text", text }, style));
}

function styled(leaf, style) {
  return Object.keys(style).length ? { ...leaf, style } : leaf;
}

// Without the line ends that an editor leaves behind.
function trimmed(part) {
  const elements = [...part.elements];
  while (elements.at(-1)?.type === "text") {
    const text = elements.at(-1).text.replace(/\n+$/, "");
    if (text === elements.at(-1).text) break;
    elements.pop();
    if (text) elements.push({ ...part.elements[elements.length], text });
  }
  return { ...part, elements };
}

// Puts rich_text into an editor; mentions stand there by name.
export function writeRichText(root, value, nameOf) {
  for (const part of value?.elements ?? []) {
    if (part.type === "rich_text_list") root.append(list(part, nameOf));
    else root.append(withLeaves({ rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "div", part, nameOf));
  }
}

function list(part, nameOf) {
  const made = document.createElement(part.style === "ordered" ? "ol" : "ul");
  made.append(...part.elements.map((item) => withLeaves("li", item, nameOf)));
  return made;
}

function withLeaves(tag, part, nameOf) {
  const made = document.createElement(tag);
  part.elements.forEach((leaf) => made.append(written(leaf, nameOf)));
  return made;
}

function written(leaf, nameOf) {
  if (leaf.type !== "link") {
    const styles = Object.keys(TAGS).filter((name) => leaf.style?.[name]);
    return styles.reduce((inner, name) => wrapped(TAGS[name], inner), document.createTextNode(leaf.text ?? nameOf(leaf)));
  }
  const link = wrapped("a", document.createTextNode(leaf.text ?? leaf.url));
  link.href = leaf.url;
  return link;
}

function wrapped(tag, inner) {
  const made = document.createElement(tag);
  made.append(inner);
  return made;
}
