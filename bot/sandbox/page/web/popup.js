// A panel in the browser's top layer, below what it belongs to, or above it where there is more room.
import { nextTick, onBeforeUnmount, ref } from "vue";

const GAP = 4;
const EDGE = 8;
const NARROWEST = 180;

export function usePopup(anchor, panel) {
  const isOpen = ref(false);

  async function open() {
    if (isOpen.value) return;
    isOpen.value = true;
    await nextTick();
    panel.value?.showPopover();
    settle();
    addEventListener("scroll", settle, { capture: true, passive: true });
    addEventListener("resize", settle);
    document.addEventListener("pointerdown", outside, true);
  }
  function close() {
    if (!isOpen.value) return;
    isOpen.value = false;
    panel.value?.hidePopover();
    removeEventListener("scroll", settle, { capture: true });
    removeEventListener("resize", settle);
    document.removeEventListener("pointerdown", outside, true);
  }
  function outside(event) {
    if (!anchor.value?.contains(event.target) && !panel.value?.contains(event.target)) close();
  }
  function settle() {
    if (!anchor.value || !panel.value) return;
    const at = anchor.value.getBoundingClientRect();
    const style = panel.value.style;
    const below = innerHeight - at.bottom - GAP - EDGE;
    const above = at.top - GAP - EDGE;
    const isBelow = below >= Math.min(panel.value.scrollHeight, 300) || below >= above;
    style.minWidth = `${Math.min(Math.max(at.width, NARROWEST), innerWidth - 2 * EDGE)}px`;
    style.maxHeight = `${Math.min(isBelow ? below : above, 360)}px`;
    style.top = isBelow ? `${at.bottom + GAP}px` : "auto";
    style.bottom = isBelow ? "auto" : `${innerHeight - at.top + GAP}px`;
    style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - panel.value.offsetWidth - EDGE))}px`;
  }
  onBeforeUnmount(close);
  return { isOpen, open, close, settle: () => nextTick(settle) };
}
