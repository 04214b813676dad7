// Where a person types: commands with suggestions, messages, mentions; up brings the last line back.
import { computed, inject, nextTick, ref, watch } from "vue";
import { draft, draftKey, keepDraft } from "./drafts.js";
import { Shortcuts } from "./shortcuts.js";
import { suggested } from "./suggesting.js";

const LINES_KEPT = 50;
const written = [];

export const Composer = {
  components: { Shortcuts },
  props: {
    channel: { type: Object, required: true },
    threadTs: { type: String, default: null },
    suggestions: { type: Array, default: () => [] },
  },
  emits: ["send"],
  setup(props, { emit }) {
    const viewer = inject("viewer");
    const toast = inject("toast");
    const key = computed(() => draftKey(viewer.me, props.channel.id, props.threadTs));
    const text = ref(draft(key.value));
    const box = ref(null);
    const chosen = ref(-1);
    const isShut = ref(false);
    const back = ref(0);
    const offers = computed(() => (isShut.value ? [] : suggested(text.value, props.suggestions, viewer)));
    const id = `c-offers-${props.threadTs ?? "channel"}`;

    watch(key, () => {
      text.value = draft(key.value);
      typed();
    });
    watch(text, (words) => keepDraft(key.value, words));

    function typed() {
      isShut.value = false;
      chosen.value = -1;
      back.value = 0;
    }
    async function put(line) {
      text.value = line;
      await nextTick();
      box.value.focus();
      box.value.setSelectionRange(line.length, line.length);
    }
    function take(offer) {
      chosen.value = -1;
      put(offer.text);
    }
    function send() {
      const line = text.value.trim();
      if (!line) return;
      if (!window.socket.connected) {
        toast("The sandbox is not there: what you typed stays here.");
        return;
      }
      written.push(line);
      written.splice(0, written.length - LINES_KEPT);
      text.value = "";
      typed();
      emit("send", line);
    }
    function recall(step) {
      if (step > 0 && back.value >= written.length) return;
      back.value = Math.max(0, back.value + step);
      isShut.value = true;
      put(back.value ? written.at(-back.value) : "");
    }
    function pressed(event) {
      if (event.isComposing) return;
      const keys = { Enter: enter, Tab: tab, Escape: escape, ArrowUp: () => arrow(-1), ArrowDown: () => arrow(1) };
      if (keys[event.key]?.(event)) event.preventDefault();
    }
    function enter(event) {
      if (event.shiftKey) return false;
      if (chosen.value >= 0) take(offers.value[chosen.value]);
      else send();
      return true;
    }
    function tab(event) {
      if (event.shiftKey || !offers.value.length) return false;
      take(offers.value[Math.max(0, chosen.value)]);
      return true;
    }
    function escape(event) {
      if (!offers.value.length) return false;
      isShut.value = true;
      event.stopPropagation();
      return true;
    }
    function arrow(step) {
      if (!text.value || back.value) {
        if (step < 0 || back.value) recall(-step);
        return true;
      }
      if (!offers.value.length) return false;
      chosen.value = (chosen.value + step + offers.value.length) % offers.value.length;
      return true;
    }
    const hint = computed(() => {
      if (props.channel.is_archived) return "This channel is archived";
      return props.threadTs ? "Reply…" : `Message ${props.channel.is_im ? "" : "#"}${props.channel.name}`;
    });
    const focus = () => box.value.focus();
    return { viewer, focus, text, box, chosen, offers, id, typed, take, send, pressed, hint };
  },
  template: `
    <form class="c-composer" @submit.prevent="send">
      <ul v-if="offers.length" :id="id" class="c-offers" role="listbox" aria-label="Suggestions">
        <li v-for="(offer, at) in offers" :id="id + at" :key="offer.text" role="option" :aria-selected="at === chosen"
          @mousedown.prevent="take(offer)"><b>{{ offer.shown }}</b> <span>{{ offer.what }}</span></li>
      </ul>
      <textarea ref="box" v-model="text" rows="1" maxlength="40000" :placeholder="hint" :aria-label="hint"
        :disabled="channel.is_archived" role="combobox" aria-autocomplete="list" :aria-expanded="offers.length > 0"
        :aria-controls="id" :aria-activedescendant="chosen >= 0 ? id + chosen : null"
        autocomplete="off" spellcheck="false" @input="typed" @keydown="pressed"></textarea>
      <shortcuts v-if="!threadTs" />
      <button type="submit" class="c-send" :disabled="!text.trim()" title="Send">
        <span aria-hidden="true">➤</span><span class="c-unseen">Send</span></button>
    </form>`,
};
