// Blocks below each other, as they stand in a message, a modal or a Home.
import { h, ref } from "vue";
import { AttachmentWords, colourOf } from "./attachments.js";
import { Card, Carousel, Plan, TaskCard } from "./cards.js";
import { DataVisualization } from "./charts.js";
import { Input } from "./inputs.js";
import { Actions, Alert, Context, Divider, Header, Markdown, Section } from "./layout.js";
import { FileBlock, FileRow, ImageBlock, PictureBox, Video } from "./pictures.js";
import { RichText } from "./rich.js";
import { DataTable, Table } from "./tables.js";
import { Parts } from "./text.js";

const block = { type: Object, required: true };
const place = { type: Object, required: true };

const Container = {
  props: { block, place },
  setup(props) {
    const isOpen = ref(!props.block.default_collapsed);
    return () => {
      const { child_blocks: inside, width = "standard", is_collapsible: folds, has_header_divider: line } = props.block;
      const words = titleOf(props.block);
      const toggle = { type: "button", "aria-expanded": isOpen.value, onClick: () => (isOpen.value = !isOpen.value) };
      const arrow = h("span", { "aria-hidden": "true" }, isOpen.value ? "▾" : "▸");
      const look = { class: "b-container-head" };
      return h("div", { class: ["b-container", `b-width-${width}`, { "b-lined": line }] }, [
        folds ? h("button", { ...look, ...toggle }, [...words, arrow]) : h("div", look, words),
        isOpen.value && h("div", { class: "b-container-body" }, h(Blocks, { blocks: inside, place: props.place })),
      ]);
    };
  },
};

function titleOf({ icon, title, rich_text_title: rich, subtitle }) {
  return [
    icon && h(PictureBox, { image: icon, size: "icon" }),
    h("span", { class: "b-container-words" }, [
      h("b", rich ? h(RichText, { block: rich }) : h(Parts, { parts: title.parts })),
      subtitle && h("small", { class: "b-source" }, h(Parts, { parts: subtitle.parts })),
    ]),
  ];
}

const Unknown = {
  props: { block },
  template: `<div class="unknown" :data-unknown="block.type">{{ block.type }}</div>`,
};

const DRAWN = {
  actions: Actions,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: Container,
  context: Context,
  context_actions: Actions,
  data_table: DataTable,
  data_visualization: DataVisualization,
  divider: Divider,
  file: FileBlock,
  header: Header,
  image: ImageBlock,
  input: Input,
  markdown: Markdown,
  plan: Plan,
  rich_text: RichText,
  section: Section,
  table: Table,
  task_card: TaskCard,
  video: Video,
};

export const Blocks = {
  props: {
    blocks: { type: Array, required: true },
    place,
    attachments: { type: Array, default: () => [] },
    files: { type: Array, default: () => [] },
  },
  setup(props) {
    return () =>
      h("div", { class: "b-blocks" }, [
        ...props.blocks.map(drawBlock(props.place)),
        ...props.attachments.map((each) => drawAttachment(each, props.place)),
        ...props.files.map((file) => h(FileRow, { key: file.id, file })),
      ]);
  },
};

// What a component does not use must not be given to it: Vue would put it on its element.
function drawBlock(place) {
  return (block, at) => {
    const component = DRAWN[block.type] ?? Unknown;
    const given = component.props?.place ? { block, place } : component.props ? { block } : {};
    return h(component, { key: keyOf(block, at), ...given });
  };
}

// By place, since an edited message has new ids: the focus stays, and what was folded. Inputs by their ids, since
// a view may grow above them.
function keyOf(block, at) {
  return block.type === "input" ? block.block_id : `${at}/${block.type}`;
}

function drawAttachment(attachment, place) {
  const { pretext, blocks } = attachment;
  return h("div", [
    pretext && h("div", h(Parts, { parts: pretext })),
    h("div", { class: "b-attachment-body", style: { borderColor: colourOf(attachment) } }, [
      h(AttachmentWords, { attachment }),
      blocks.length > 0 && h(Blocks, { blocks, place }),
    ]),
  ]);
}
