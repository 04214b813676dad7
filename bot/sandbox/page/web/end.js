// Who reads the end of a list stays there, whatever grows, shrinks or arrives; who reads elsewhere is not moved.
import { inject, nextTick, onBeforeUnmount, onMounted, ref, watch } from "vue";

const NEAR_END_PX = 20;

// `list`: Quasar's virtual scroll. `seen` is called whenever its last row is in view.
export function useEnd(list, rows, seen) {
  const toast = inject("toast");
  const isAtEnd = ref(true);
  const hasAnswer = ref(false); // one for this person alone came below what is in view
  const box = () => list.value?.$el;

  async function toEnd() {
    await nextTick();
    isAtEnd.value = true;
    stay();
    reached();
  }
  // Rows are measured only once they are drawn, and a thread beside the list makes all of them higher. The list's own
  // scrollTo is not used: it comes back later, to where it guessed the end to be.
  function stay() {
    if (isAtEnd.value && box()) box().scrollTop = box().scrollHeight;
  }
  function look() {
    if (!box()?.clientHeight) return;
    isAtEnd.value = box().scrollHeight - box().scrollTop - box().clientHeight < NEAR_END_PX;
    if (isAtEnd.value) reached();
  }
  function reached() {
    hasAnswer.value = false;
    seen();
  }
  function arrived(now, before) {
    const newest = now.at(-1)?.message;
    const isAnswer = newest?.ephemeral && newest.ts > (before.at(-1)?.message?.ts ?? "");
    if (isAnswer && !box()?.clientHeight) toast("An answer for you alone stands in the channel.");
    if (isAtEnd.value) toEnd();
    else if (isAnswer) hasAnswer.value = true;
  }
  const sizes = new ResizeObserver(stay);
  watch(rows, arrived);
  onMounted(() => {
    [box(), ...box().children].forEach((part) => sizes.observe(part));
    document.addEventListener("visibilitychange", look); // what came while the tab was behind others is read now
    toEnd();
  });
  onBeforeUnmount(() => {
    sizes.disconnect();
    document.removeEventListener("visibilitychange", look);
  });
  return { isAtEnd, hasAnswer, toEnd, look };
}
