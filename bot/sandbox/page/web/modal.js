// Modals: the topmost view as a dialog, those below it behind a way back.
import { computed, inject, nextTick, onMounted, provide, reactive, ref, useId, watch } from "vue";
import { Blocks } from "./blocks.js";
import { keyOf, sheetOf } from "./holding.js";
import { Words } from "./words.js";

const FIRST = "[aria-invalid=true], .e-wrong input, .e-wrong [contenteditable]";
const USABLE = ":is(input, textarea, button, select, [contenteditable], a[href])";

const ModalView = {
  components: { Blocks, Words },
  props: { view: { type: Object, required: true }, isPushed: Boolean },
  emits: ["focus"],
  setup(props, { emit }) {
    const viewer = inject("viewer");
    const act = inject("act");
    const errors = reactive({});
    const isWaiting = ref(false);
    const refusal = ref("");
    const content = computed(() => props.view.content);
    const place = computed(() => ({ kind: "view", id: props.view.id, channel: props.view.channel }));
    const id = useId();
    provide("form", { errors, forget: (block) => delete errors[block] });

    // What was filled in, of inputs that are still there.
    function filled() {
      const here = new Set(inputsOf(content.value.blocks));
      return Object.fromEntries(Object.entries(sheetOf(viewer.me, props.view.id)).filter(([key]) => here.has(key)));
    }
    function forgetErrors() {
      Object.keys(errors).forEach((block) => delete errors[block]);
      refusal.value = "";
    }
    async function submit() {
      if (isWaiting.value) return;
      forgetErrors();
      isWaiting.value = true;
      const answer = await act("submit", { view: props.view.id, values: filled() });
      isWaiting.value = false;
      Object.assign(errors, answer.errors);
      if (answer.refusal && !Object.keys(errors).length) refusal.value = answer.refusal;
      if (Object.keys(errors).length) emit("focus", FIRST);
    }
    const close = (all) => act("close", { view: props.view.id, clear: all });
    watch(() => props.view.hash, forgetErrors);
    onMounted(() => emit("focus", firstOf(content.value.blocks)));
    return { content, place, id, errors, isWaiting, refusal, submit, close };
  },
  template: `
    <form class="m-inner" novalidate :aria-busy="isWaiting" @submit.prevent="content.submit && submit()"
      @keydown.ctrl.enter="$event.currentTarget.requestSubmit()" @keydown.meta.enter="$event.currentTarget.requestSubmit()">
      <header class="m-head">
        <button v-if="isPushed" type="button" class="m-sign" aria-label="Back" @click="close(false)">
          <span aria-hidden="true">‹</span></button>
        <h2><words :text="content.title" /></h2>
        <button type="button" class="m-sign" aria-label="Close" @click="close(true)"><span aria-hidden="true">✕</span></button>
      </header>
      <div class="m-body"><blocks :blocks="content.blocks" :place="place" /></div>
      <footer class="m-foot">
        <p class="m-refusal" role="alert">{{ refusal }}</p>
        <button type="button" class="e-button" @click="close(false)"><words :text="content.close ?? { text: 'Close' }" /></button>
        <button v-if="content.submit" type="submit" class="e-button e-full" :class="{ 'e-waits': isWaiting }"
          :aria-disabled="isWaiting" :disabled="content.submit_disabled"><words :text="content.submit" /></button>
      </footer>
    </form>`,
};

// Where the focus goes at first: to the input that wants it, or else to the first.
function firstOf(blocks) {
  const wanted = blocks.find((block) => block.element?.focus_on_load);
  return wanted ? `[data-block="${CSS.escape(wanted.block_id)}"] ${USABLE}` : `.m-body ${USABLE}`;
}

function inputsOf(blocks) {
  return blocks.flatMap((block) =>
    [block.element, block.accessory, ...(block.elements ?? [])]
      .filter((element) => element?.action_id)
      .map((element) => keyOf(block, element)),
  );
}

export const Modals = {
  components: { ModalView },
  props: { views: { type: Array, required: true } },
  setup(props) {
    const dialog = ref(null);
    const view = ref(null);
    const top = computed(() => props.views.at(-1));
    const isOpen = computed(() => Boolean(top.value));
    const isPushed = computed(() => props.views.some((view) => view.id === top.value.below));
    const title = computed(() => top.value.content.title.text);
    async function open() {
      await nextTick();
      if (dialog.value && !dialog.value.open) dialog.value.showModal();
    }
    async function focus(selector) {
      await open();
      const found = dialog.value?.querySelector(selector);
      found?.focus();
      found?.closest(".e-block")?.scrollIntoView({ block: "nearest" });
    }
    // A dialog that is closed before it goes gives the focus back to where it was.
    watch(isOpen, () => (isOpen.value ? open() : dialog.value?.close()), { immediate: true });
    return { dialog, view, top, isPushed, title, focus, close: () => view.value?.close(true) };
  },
  template: `
    <dialog v-if="top" ref="dialog" class="m-dialog" :aria-label="title" @cancel.prevent="close" @keydown.esc.prevent="close">
      <modal-view ref="view" :key="top.id" :view="top" :is-pushed="isPushed" @focus="focus" />
    </dialog>`,
};
