// A pie: slices from twelve o'clock on, clockwise.
import { h } from "vue";

const SIZE = 200;
const RADIUS = 96;

export function drawPie(segments) {
  const sum = segments.reduce((total, each) => total + each.value, 0);
  let from = 0;
  const slices = segments.map((segment, at) => {
    const to = from + segment.value / sum;
    const d = sliceOf(from, to);
    from = to;
    return h("path", { class: `b-fill b-colour-${at}`, d }, [h("title", `${segment.label}: ${segment.value}`)]);
  });
  const viewBox = `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`;
  return h("svg", { viewBox, class: "b-pie", "aria-hidden": "true" }, slices);
}

function sliceOf(from, to) {
  if (to - from > 0.9999) return `M0 ${-RADIUS}A${RADIUS} ${RADIUS} 0 1 1 -0.01 ${-RADIUS}Z`;
  const isLarge = to - from > 0.5 ? 1 : 0;
  return `M0 0L${at(from)}A${RADIUS} ${RADIUS} 0 ${isLarge} 1 ${at(to)}Z`;
}

function at(turn) {
  const angle = turn * 2 * Math.PI;
  return `${(RADIUS * Math.sin(angle)).toFixed(2)} ${(-RADIUS * Math.cos(angle)).toFixed(2)}`;
}
