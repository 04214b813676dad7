// Tables: `table` as it stands, `data_table` with sorting, a filter and pages.
import { computed, h, ref, watch } from "vue";
import { RichText, richWords } from "./rich.js";
import { Parts } from "./text.js";

const PAGE_SIZE = 5; // what Slack takes where a data_table names none
const ARROWS = { none: "↕", ascending: "↑", descending: "↓" };
const collator = new Intl.Collator("en-US", { numeric: true, sensitivity: "base" });

export const Table = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    return () => {
      const { rows, column_settings: settings = [] } = props.block;
      const [header, ...body] = rows;
      const look = (at) => ({
        style: { textAlign: settings[at]?.align },
        class: { "b-wrapped": settings[at]?.is_wrapped },
      });
      const cells = (tag, more) => (cell, at) => h(tag, { ...look(at), ...more }, drawCell(cell));
      return scrolling("Table", [
        h("thead", h("tr", header.map(cells("th", { scope: "col" })))),
        h("tbody", body.map((row) => h("tr", row.map(cells("td"))))),
      ]);
    };
  },
};

export const DataTable = {
  props: { block: { type: Object, required: true } },
  setup(props) {
    const sorted = ref({ column: null, isFalling: false });
    const wanted = ref("");
    const page = ref(0);
    const size = computed(() => props.block.page_size ?? PAGE_SIZE);
    const found = computed(() => arranged(props.block.rows.slice(1), wanted.value, sorted.value));
    const pages = computed(() => Math.max(1, Math.ceil(found.value.length / size.value)));
    watch([found, size], () => (page.value = Math.min(page.value, pages.value - 1)));
    function sort(column) {
      const { column: before, isFalling } = sorted.value;
      if (before !== column) sorted.value = { column, isFalling: false };
      else sorted.value = isFalling ? { column: null, isFalling: false } : { column, isFalling: true };
      page.value = 0;
    }
    return () => {
      const { caption, rows, row_header_column_index: named = 0 } = props.block;
      const first = page.value * size.value;
      const shown = found.value.slice(first, first + size.value);
      const counts = { first, shown: shown.length, all: found.value.length };
      const heads = rows[0].map((cell, at) => {
        return headCell(cell, { look: lookOf(rows[1][at]), order: orderOf(at, sorted.value), sort: () => sort(at) });
      });
      return h("div", { class: "b-data" }, [
        rows.length - 1 > size.value && filterField(wanted, caption),
        scrolling(caption, [
          h("caption", caption),
          h("thead", h("tr", heads)),
          h("tbody", shown.map((row) => h("tr", row.map(bodyCell(named))))),
        ]),
        h(Pager, { ...counts, page: page.value, pages: pages.value, onGo: (to) => (page.value = to) }),
      ]);
    };
  },
};

const Pager = {
  props: { page: Number, pages: Number, first: Number, shown: Number, all: Number },
  emits: ["go"],
  template: `
    <div class="b-pager">
      <span role="status">{{ all ? first + 1 + "–" + (first + shown) + " of " + all : "No rows found" }}</span>
      <template v-if="pages > 1">
        <button type="button" aria-label="Previous page" :disabled="page === 0"
          @click="$emit('go', page - 1)">‹</button>
        <button type="button" aria-label="Next page" :disabled="page === pages - 1"
          @click="$emit('go', page + 1)">›</button>
      </template>
    </div>`,
};

function filterField(wanted, caption) {
  return h("input", {
    class: "b-filter",
    type: "search",
    placeholder: "Filter rows",
    "aria-label": `Filter rows of ${caption}`,
    value: wanted.value,
    onInput: (event) => (wanted.value = event.target.value),
  });
}

function orderOf(at, { column, isFalling }) {
  if (at !== column) return "none";
  return isFalling ? "descending" : "ascending";
}

function headCell(cell, { look, order, sort }) {
  const arrow = h("span", { class: "b-arrow", "aria-hidden": "true" }, ARROWS[order]);
  const button = h("button", { type: "button", class: "b-sort", onClick: sort }, [drawCell(cell), arrow]);
  return h("th", { scope: "col", class: look, "aria-sort": order }, button);
}

// The cell of the named column is the row's header.
function bodyCell(named) {
  return (cell, at) => {
    const look = { class: lookOf(cell) };
    return at === named ? h("th", { scope: "row", ...look }, drawCell(cell)) : h("td", look, drawCell(cell));
  };
}

// The rows that hold the words, in the order that was asked for.
function arranged(rows, words, { column, isFalling }) {
  const needle = words.trim().toLowerCase();
  const found = rows.filter((row) => row.some((cell) => wordsIn(cell).toLowerCase().includes(needle)));
  if (column === null) return found;
  return found.sort((one, other) => compare(one[column], other[column]) * (isFalling ? -1 : 1));
}

function compare(one, other) {
  if (one.type === "raw_number" && other.type === "raw_number") return one.value - other.value;
  return collator.compare(wordsIn(one), wordsIn(other));
}

function wordsIn(cell) {
  return cell.type === "rich_text" ? richWords(cell) : cell.text;
}

function drawCell(cell) {
  return cell.type === "rich_text" ? h(RichText, { block: cell }) : h(Parts, { parts: cell.parts });
}

function lookOf(cell) {
  return { "b-number": cell.type === "raw_number" };
}

function scrolling(name, inside) {
  const frame = { class: "b-scroll", tabindex: 0, role: "region", "aria-label": name };
  return h("div", frame, h("table", { class: "b-table" }, inside));
}
