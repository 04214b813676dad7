// The blocks that most messages are made of.
import { h, ref } from "vue";
import { Element } from "./elements.js";
import { PictureBox } from "./pictures.js";
import { Parts } from "./text.js";

const LONG_CHARACTERS = 700; // from then on Slack folds a section, or from so many lines on
const LONG_LINES = 14;

const STAY_BESIDE = new Set(["image", "overflow"]); // on a phone, what else stands beside a text goes below it

const block = { type: Object, required: true };
const place = { type: Object, required: true };

export const Section = {
  props: { block, place },
  setup(props) {
    return () => {
      const { text, fields, accessory, expand } = props.block;
      const body = [];
      if (text) body.push(h(expand ? Parts : Foldable, { parts: text.parts }));
      if (fields) body.push(h("div", { class: "b-fields" }, fields.map(drawField)));
      const look = ["b-accessory", { "b-beside": STAY_BESIDE.has(accessory?.type) }];
      const beside = accessory && h("div", { class: look }, drawElement(accessory, props));
      return h("div", { class: "b-section" }, [h("div", { class: "b-section-text" }, body), beside]);
    };
  },
};

function drawField(field) {
  return h("div", { class: "b-field" }, h(Parts, { parts: field.parts }));
}

const Foldable = {
  props: { parts: { type: Array, required: true } },
  setup(props) {
    const isOpen = ref(false);
    return () => {
      if (!isLong(props.parts)) return h("div", h(Parts, { parts: props.parts }));
      const toggle = { type: "button", "aria-expanded": isOpen.value, onClick: () => (isOpen.value = !isOpen.value) };
      return [
        h("div", { class: { "b-folded": !isOpen.value } }, h(Parts, { parts: props.parts })),
        h("button", { class: "b-more", ...toggle }, isOpen.value ? "Show less" : "Show more"),
      ];
    };
  },
};

export const Header = {
  props: { block },
  template: `<h3 class="b-header"><parts :parts="block.text.parts" /></h3>`,
  components: { Parts },
};

export const Divider = { template: `<hr class="b-divider" />` };

export const Context = {
  props: { block },
  setup(props) {
    return () =>
      h("div", { class: "b-context" }, props.block.elements.map((each) =>
        each.type === "image"
          ? h(PictureBox, { image: each, size: "small" })
          : h("div", { class: "b-context-text" }, h(Parts, { parts: each.parts }))));
  },
};

export const Actions = {
  props: { block, place },
  setup(props) {
    const look = props.block.type === "actions" ? "b-actions" : "b-context-actions";
    return () => h("div", { class: look }, props.block.elements.map((each) => drawElement(each, props)));
  },
};

export const Markdown = {
  props: { block },
  template: `<div><parts :parts="block.parts" /></div>`,
  components: { Parts },
};

export const Alert = {
  props: { block },
  setup(props) {
    const level = props.block.level ?? "default";
    const sign = { default: "●", info: "ℹ", warning: "⚠", error: "⛔", success: "✓" }[level];
    const name = level === "default" ? "note" : level;
    return () =>
      h("div", { class: ["b-alert", `b-alert-${level}`], role: "note", "aria-label": name }, [
        h("span", { class: "b-alert-sign", "aria-hidden": "true" }, sign),
        h("div", h(Parts, { parts: props.block.text.parts })),
      ]);
  },
};

// A picture is the one element that nobody acts on.
export function drawElement(element, { block, place }) {
  if (element.type === "image") return h(PictureBox, { image: element, size: "medium" });
  return h(Element, { key: element.action_id, element, block, place });
}

function isLong(parts) {
  const [characters, lines] = measure(parts);
  return characters > LONG_CHARACTERS || lines > LONG_LINES;
}

function measure(parts) {
  let [characters, lines] = [0, 1];
  for (const part of parts) {
    const [more, below] = part.parts ? measure(part.parts) : [(part.text ?? part.url ?? "").length, 0];
    characters += more;
    lines += below + (part.type === "break") + (part.text ?? "").split("\n").length - 1;
  }
  return [characters, lines];
}
