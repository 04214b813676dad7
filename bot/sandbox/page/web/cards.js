// Cards, rows of cards, and the steps of a task.
import { h, ref } from "vue";
import { drawElement } from "./layout.js";
import { PictureBox } from "./pictures.js";
import { RichText } from "./rich.js";
import { link, Parts } from "./text.js";

const STATES = {
  pending: ["○", "to do"],
  in_progress: ["◐", "in progress"],
  complete: ["✓", "done"],
  error: ["✕", "failed"],
};

const block = { type: Object, required: true };
const place = { type: Object, required: true };

export const Card = {
  props: { block, place },
  setup(props) {
    const words = (name, look) => {
      const text = props.block[name];
      return text && h("div", { class: look }, h(Parts, { parts: text.parts }));
    };
    return () => {
      const { hero_image: hero, icon, title, subtitle, actions } = props.block;
      return h("div", { class: "b-card" }, [
        hero && h(PictureBox, { image: hero, size: "hero" }),
        (icon || title || subtitle) &&
          h("div", { class: "b-card-head" }, [
            icon && h(PictureBox, { image: icon, size: "icon" }),
            h("div", [words("title", "b-card-title"), words("subtitle", "b-card-subtitle")]),
          ]),
        words("body"),
        actions && h("div", { class: "b-actions" }, actions.map((each) => drawElement(each, props))),
      ]);
    };
  },
};

export const Carousel = {
  props: { block, place },
  setup(props) {
    const row = ref(null);
    const move = (by) => row.value.scrollBy({ left: by * row.value.clientWidth * 0.8 });
    const arrow = (name, sign, by) => {
      const button = { type: "button", class: "b-arrow-button", "aria-label": name, onClick: () => move(by) };
      return h("button", button, sign);
    };
    return () => {
      const { elements } = props.block;
      const name = `${elements.length} cards`;
      const list = { ref: row, class: "b-carousel-row", role: "list", tabindex: 0, "aria-label": name };
      const cards = elements.map((each, at) => {
        const card = h(Card, { block: each, place: props.place });
        return h("div", { key: each.block_id ?? at, role: "listitem" }, card);
      });
      const arrows = [arrow("Cards before", "‹", -1), arrow("Cards after", "›", 1)];
      return h("div", { class: "b-carousel" }, [
        h("div", list, cards),
        elements.length > 1 && h("div", { class: "b-carousel-arrows" }, arrows),
      ]);
    };
  },
};

export const TaskCard = {
  props: { block },
  setup(props) {
    return () => {
      const { status, title, details, output, sources = [] } = props.block;
      const [sign, name] = STATES[status];
      return h("div", { class: ["b-task", `b-task-${status}`] }, [
        h("span", { class: "b-task-sign", role: "img", "aria-label": name, title: name }, sign),
        h("div", { class: "b-task-words" }, [
          h("div", { class: "b-task-title" }, title),
          details && h(RichText, { block: details }),
          output && h("div", { class: "b-task-output" }, h(RichText, { block: output })),
          sources.length > 0 && h("div", { class: "b-task-sources" }, sources.map((each) => link(each.url, each.text))),
        ]),
      ]);
    };
  },
};

export const Plan = {
  props: { block },
  setup(props) {
    return () => {
      const { title, tasks = [] } = props.block;
      const done = tasks.filter((each) => each.status === "complete").length;
      return h("div", { class: "b-plan" }, [
        h("div", { class: "b-plan-head" }, [
          h("b", title),
          tasks.length > 0 && h("small", { class: "b-source" }, `${done} of ${tasks.length} done`),
        ]),
        ...tasks.map((each) => h(TaskCard, { key: each.task_id, block: each })),
      ]);
    };
  },
};
