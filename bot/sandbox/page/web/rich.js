// A rich_text block: sections, lists that nest by their indent, quotes and preformatted text.
import { h, inject } from "vue";
import { drawParts, wordsOf } from "./text.js";

const DEEPEST = 2; // bullets and numbers repeat after three depths

const PIECES = {
  rich_text_section: (piece, draw) => h("div", { class: "b-rich-section" }, draw(piece.elements)),
  rich_text_quote: (piece, draw) => h("blockquote", { class: "t-quote" }, draw(piece.elements)),
  rich_text_preformatted: (piece, draw) =>
    h("pre", { class: ["t-pre", { "b-bordered": piece.border }], tabindex: 0 }, draw(piece.elements)),
  rich_text_list: list,
};

export const RichText = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    const viewer = inject("viewer");
    const draw = (parts) => drawParts(parts, viewer);
    return () => h("div", props.block.elements.map((piece) => drawPiece(piece, draw)));
  },
};

// What a cell or a title in rich_text says in one string.
export function richWords(block) {
  return block.elements.map((piece) => wordsOf(leavesOf(piece))).join(" ");
}

function leavesOf(piece) {
  return piece.elements.flatMap((each) => each.elements ?? [each]);
}

function drawPiece(piece, draw) {
  const drawn = PIECES[piece.type];
  return drawn ? drawn(piece, draw) : h("div", { class: "unknown", "data-unknown": piece.type }, piece.type);
}

function list(piece, draw) {
  const indent = piece.indent ?? 0;
  const isOrdered = piece.style === "ordered";
  const look = `b-depth-${indent % (DEEPEST + 1)}`;
  const items = piece.elements.map((item) => h("li", drawPiece(item, draw)));
  const start = isOrdered ? { start: (piece.offset ?? 0) + 1 } : {};
  return h(
    isOrdered ? "ol" : "ul",
    { class: ["b-rich-list", look, { "b-bordered": piece.border }], style: { "--indent": indent }, ...start },
    items,
  );
}
