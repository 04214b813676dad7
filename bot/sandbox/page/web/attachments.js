// What older apps put below a message: attachments behind a coloured bar.
import { h } from "vue";
import { PictureBox } from "./pictures.js";
import { link, Parts } from "./text.js";

const COLOURS = { good: "var(--good)", warning: "#daa038", danger: "var(--danger)" };

// The colour of an attachment's bar: one of three names, or a hexadecimal number with or without its sign.
export function colourOf({ color = "" }) {
  if (COLOURS[color]) return COLOURS[color];
  return /^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace("#", "")}` : "var(--line)";
}

// The words of an attachment; its blocks are drawn by whoever draws blocks.
export const AttachmentWords = {
  props: { attachment: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { author_name: author, title, title_link: url, text, fields, footer, fallback, blocks } = props.attachment;
      const image = props.attachment.image_url && { alt_text: fallback ?? title ?? props.attachment.image_url };
      const lines = [
        author && h("small", { class: "b-source" }, author),
        title && h("b", url ? link(url, title) : title),
        text && h("div", h(Parts, { parts: text })),
        fields.length > 0 && h("div", { class: "b-fields" }, fields.map(field)),
        image && h(PictureBox, { image, size: "large" }),
        footer && h("small", { class: "b-source" }, footer),
      ].filter(Boolean);
      if (!lines.length && !blocks.length && fallback) lines.push(fallback);
      return lines.length ? h("div", { class: "b-attachment-words" }, lines) : null;
    };
  },
};

function field({ title, value, short }) {
  const words = h("div", h(Parts, { parts: value }));
  return h("div", { class: ["b-field", { "b-wide": !short }] }, [title && h("b", title), words]);
}
