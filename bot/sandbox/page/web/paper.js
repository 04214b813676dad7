// Parts that stand on lines of their own: quotes, preformatted text, and what a markdown block is made of.
// `draw` draws the parts inside.
import { h } from "vue";

export const PAPER = {
  quote: (part, draw) => h("blockquote", { class: "t-quote" }, draw(part.parts)),
  preformatted: (part) => h("pre", { class: "t-pre", tabindex: 0 }, part.text),
  heading: (part, draw) => {
    const place = { role: "heading", "aria-level": Math.min(6, part.level + 2) }; // below the page's own
    return h("div", { class: ["t-heading", `t-heading-${part.level}`], ...place }, draw(part.parts));
  },
  paragraph: (part, draw) => h("p", { class: "t-paragraph" }, draw(part.parts)),
  rule: () => h("hr", { class: "t-rule" }),
  list,
  table,
};

function list(part, draw) {
  const items = part.items.map((item) => {
    if (item.done === undefined) return h("li", draw(item.parts));
    const name = item.done ? "done" : "to do";
    const box = h("input", { type: "checkbox", checked: item.done, disabled: true, "aria-label": name });
    return h("li", { class: "t-task" }, [box, h("div", draw(item.parts))]);
  });
  const start = part.style === "ordered" ? { start: part.start } : {};
  return h(part.style === "ordered" ? "ol" : "ul", { class: "t-list", ...start }, items);
}

function table(part, draw) {
  const [header, ...rows] = part.rows;
  const cell = (tag) => (parts, at) =>
    h(tag, { style: { textAlign: part.align[at] }, ...(tag === "th" ? { scope: "col" } : {}) }, draw(parts));
  return h("div", { class: "b-scroll", tabindex: 0, role: "region", "aria-label": "Table" }, [
    h("table", { class: "b-table" }, [
      h("thead", h("tr", header.map(cell("th")))),
      h("tbody", rows.map((row) => h("tr", row.map(cell("td"))))),
    ]),
  ]);
}
