// Charts, drawn as SVG of our own: it takes the page's colours and zoom, needs no library of a megabyte, and its
// words are real text. Below each stands its legend, and the numbers themselves for whoever cannot see it.
import { computed, h, onBeforeUnmount, onMounted, ref } from "vue";
import { AXES } from "./chart_axes.js";
import { drawPie } from "./chart_pie.js";

const WIDEST = 560;
const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

export const DataVisualization = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    const frame = ref(null);
    const width = ref(WIDEST);
    const observer = new ResizeObserver(([entry]) => (width.value = Math.min(WIDEST, entry.contentRect.width)));
    onMounted(() => observer.observe(frame.value));
    onBeforeUnmount(() => observer.disconnect());
    const facts = computed(() => factsOf(props.block.chart));
    return () => {
      const { title, chart } = props.block;
      const { legend, head, rows } = facts.value;
      const drawn = chart.type === "pie" ? drawPie(chart.segments) : AXES[chart.type]?.(chart, width.value);
      const name = `${title}: ${chart.type} chart`;
      const unknown = { class: "unknown", "data-unknown": `data_visualization ${chart.type}` };
      return h("figure", { class: ["b-chart", `b-chart-${chart.type}`] }, [
        h("figcaption", title),
        h("div", { ref: frame, class: "b-chart-frame", role: "img", "aria-label": name }, drawn ?? h("div", unknown)),
        h("ul", { class: "b-legend" }, legend.map(legendLine)),
        h("details", { class: "b-chart-data" }, [h("summary", "Show numbers"), dataTable(title, head, rows)]),
      ]);
    };
  },
};

function legendLine(words, at) {
  return h("li", [h("i", { class: `b-colour-${at}`, "aria-hidden": "true" }), words]);
}

// The words of the legend, and the numbers as a table.
function factsOf(chart) {
  if (chart.type === "pie") {
    const sum = chart.segments.reduce((total, each) => total + each.value, 0);
    const rows = chart.segments.map(({ label, value }) => [label, numbers.format(value), share(value / sum)]);
    const legend = rows.map(([label, value, part]) => `${label}: ${value} (${part})`);
    return { legend, head: ["", "Value", "Share"], rows };
  }
  const { categories, x_label: name = "" } = chart.axis_config;
  const rows = categories.map((label, at) => {
    return [label, ...chart.series.map(({ data }) => numbers.format(data[at].value))];
  });
  const names = chart.series.map((each) => each.name);
  return { legend: names, head: [name, ...names], rows };
}

function share(part) {
  return part.toLocaleString("en-US", { style: "percent", maximumFractionDigits: 1 });
}

function dataTable(title, head, rows) {
  const body = rows.map(([name, ...values]) => {
    const cells = values.map((value) => h("td", { class: "b-number" }, value));
    return h("tr", [h("th", { scope: "row" }, name), ...cells]);
  });
  return h("div", { class: "b-scroll", tabindex: 0, role: "region", "aria-label": `Numbers of ${title}` }, [
    h("table", { class: "b-table" }, [
      h("thead", h("tr", head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", body),
    ]),
  ]);
}
