// Charts with two axes: bars beside each other, lines, and areas below lines.
import { h } from "vue";

const HEIGHT = 230;
const LETTER = 6.6; // pixels that a letter of a label takes on average
const ROOM = { top: 10, right: 10, bottom: 26, left: 14 };
const WANTED_TICKS = 4;
const ticks = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

export const AXES = {
  bar: (chart, width) => draw(chart, width, bars),
  line: (chart, width) => draw(chart, width, lines),
  area: (chart, width) => draw(chart, width, areas),
};

function draw(chart, width, marks) {
  const scale = new Scale(chart, width);
  const { x_label: below, y_label: beside } = chart.axis_config;
  const height = HEIGHT + (below ? 18 : 0) + (beside ? 18 : 0);
  const names = [
    beside && h("text", { x: 2, y: 12, class: "b-axis-name" }, beside),
    below && h("text", { x: (scale.left + scale.right) / 2, y: height - 4, class: "b-axis-name b-middle" }, below),
  ];
  const drawn = [...grid(scale), ...labels(scale), ...marks(chart.series, scale)];
  return h("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, [
    ...names,
    h("g", { transform: `translate(0 ${beside ? 18 : 0})` }, drawn),
  ]);
}

class Scale {
  constructor({ series, axis_config: { categories } }, width) {
    const values = series.flatMap((each) => each.data.map((point) => point.value));
    this.categories = categories;
    this.ticks = ticksBetween(Math.min(0, ...values), Math.max(0, ...values));
    const widest = Math.max(...this.ticks.map((tick) => ticks.format(tick).length));
    this.left = ROOM.left + widest * LETTER;
    this.right = width - ROOM.right;
    this.slot = Math.max(1, (this.right - this.left) / categories.length);
  }

  middle(at) {
    return this.left + this.slot * (at + 0.5);
  }

  y(value) {
    const [low, high] = [this.ticks[0], this.ticks.at(-1)];
    return ROOM.top + (HEIGHT - ROOM.top - ROOM.bottom) * (1 - (value - low) / (high - low));
  }
}

// Round numbers that hold all values between them.
function ticksBetween(low, high) {
  const rough = (high - low || WANTED_TICKS) / WANTED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function grid(scale) {
  return scale.ticks.flatMap((tick) => {
    const [y, look] = [scale.y(tick), tick === 0 ? "b-zero" : "b-grid"];
    return [
      h("line", { x1: scale.left, x2: scale.right, y1: y, y2: y, class: look }),
      h("text", { x: scale.left - 6, y: y + 4, class: "b-tick b-end" }, ticks.format(tick)),
    ];
  });
}

// As many labels as have room; the others stand among the numbers below.
function labels(scale) {
  const longest = Math.max(...scale.categories.map((name) => name.length));
  const every = Math.max(1, Math.ceil(Math.min(longest, 8) * LETTER / scale.slot));
  const letters = Math.max(2, Math.floor((scale.slot * every - 6) / LETTER));
  return scale.categories.map((name, at) => {
    if (at % every) return null;
    const words = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
    return h("text", { x: scale.middle(at), y: HEIGHT - 8, class: "b-tick b-middle" }, [words, h("title", name)]);
  });
}

function bars(series, scale) {
  const width = (scale.slot * 0.72) / series.length;
  return series.flatMap((each, order) =>
    each.data.map((point, at) => {
      const [top, bottom] = [scale.y(Math.max(0, point.value)), scale.y(Math.min(0, point.value))];
      const x = scale.middle(at) + (order - series.length / 2) * width;
      const size = { width: Math.max(1, width - 1), height: point.value && Math.max(1, bottom - top) };
      const look = { rx: Math.min(2, width / 4), class: `b-fill b-colour-${order}` };
      return h("rect", { x, y: top, ...size, ...look }, [tip(each, point)]);
    }),
  );
}

function lines(series, scale) {
  return series.flatMap((each, order) => [
    h("path", { d: `M${points(each, scale).join("L")}`, class: `b-stroke b-colour-${order}` }),
    ...each.data.map((point, at) => {
      const place = { cx: scale.middle(at), cy: scale.y(point.value), r: 3.5 };
      return h("circle", { ...place, class: `b-fill b-colour-${order}` }, [tip(each, point)]);
    }),
  ]);
}

function areas(series, scale) {
  const zero = scale.y(0);
  const fills = series.map((each, order) => {
    const [first, last] = [scale.middle(0), scale.middle(each.data.length - 1)];
    const d = `M${first} ${zero}L${points(each, scale).join("L")}L${last} ${zero}Z`;
    return h("path", { d, class: `b-area b-colour-${order}` });
  });
  return [...fills, ...lines(series, scale)];
}

function points(series, scale) {
  return series.data.map((point, at) => `${scale.middle(at).toFixed(1)} ${scale.y(point.value).toFixed(1)}`);
}

function tip(series, point) {
  return h("title", `${series.name}, ${point.label}: ${point.value}`);
}
