// Pictures, films and files as labelled boxes: the sandbox fetches nothing from anywhere.
import { h } from "vue";
import { link, Parts } from "./text.js";

export const PictureBox = {
  props: { image: { type: Object, required: true }, size: { type: String, required: true } },
  setup(props) {
    return () => {
      const { alt_text: words } = props.image;
      const label = { class: ["b-picture", `b-picture-${props.size}`], role: "img", "aria-label": words, title: words };
      const body = [h("span", { class: "b-picture-sign", "aria-hidden": "true" }, "🖼")];
      if (props.size !== "small") body.push(h("span", { class: "b-picture-words" }, words));
      return h("div", label, body);
    };
  },
};

export const ImageBlock = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { title, image_url: url, slack_file: file } = props.block;
      return h("figure", { class: "b-image" }, [
        title && h("figcaption", h(Parts, { parts: title.parts })),
        h(PictureBox, { image: props.block, size: "large" }),
        h("small", { class: "b-source" }, sourceOf(url ?? file.url ?? file.id)),
      ]);
    };
  },
};

export const Video = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { title, title_url: url, description, alt_text: words } = props.block;
      const heading = h(Parts, { parts: title.parts });
      const by = [props.block.author_name, props.block.provider_name].filter(Boolean).join(" · ");
      return h("figure", { class: "b-video" }, [
        by && h("small", { class: "b-source" }, by),
        h("b", url ? link(url, heading) : heading),
        description && h("div", h(Parts, { parts: description.parts })),
        h("div", { class: "b-picture b-picture-large", role: "img", "aria-label": words, title: words }, [
          h("span", { class: "b-play", "aria-hidden": "true" }, "▶"),
          h("span", { class: "b-picture-words" }, words),
        ]),
        h("small", { class: "b-source" }, sourceOf(props.block.video_url)),
      ]);
    };
  },
};

export const FileBlock = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    return () => h(FileRow, { file: { name: props.block.external_id, mode: props.block.source } });
  },
};

export const FileRow = {
  props: { file: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { name, title, size, mode, filetype } = props.file;
      const kind = (filetype ?? extensionOf(name) ?? mode ?? "file").toUpperCase();
      return h("div", { class: "b-file" }, [
        h("span", { class: "b-file-sign", "aria-hidden": "true" }, "📄"),
        h("div", { class: "b-file-words" }, [
          h("b", title || name),
          h("small", { class: "b-source" }, size === undefined ? kind : `${kind} · ${amount(size)}`),
        ]),
      ]);
    };
  },
};

// The host, or the whole where it is no address.
function sourceOf(url) {
  return URL.canParse(url) ? new URL(url).host || url : url;
}

function extensionOf(name) {
  return /\.(\w{1,8})$/.exec(name ?? "")?.[1];
}

function amount(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
