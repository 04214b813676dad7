// One thread, beside its channel.
import { computed, ref, onMounted } from "vue";
import { Composer } from "./composer.js";
import { Timeline } from "./timeline.js";

export const Thread = {
  components: { Composer, Timeline },
  props: {
    place: { type: Object, required: true },
    history: { type: Object, required: true },
    ts: { type: String, required: true },
  },
  emits: ["close", "send"],
  setup(props) {
    const title = ref(null);
    onMounted(() => title.value.focus());
    return { title, messages: computed(() => props.history.thread(props.ts)) };
  },
  template: `
    <section class="c-thread" aria-label="Thread">
      <header class="c-title">
        <h2 ref="title" tabindex="-1">Thread</h2><span class="c-members">#{{ place.name }}</span>
        <button type="button" class="c-close" @click="$emit('close')"><span aria-hidden="true">✕</span>
          <span class="c-unseen">Close the thread</span></button>
      </header>
      <timeline :key="ts" :messages="messages" in-thread label="Messages in this thread" />
      <composer :channel="place" :thread-ts="ts" @send="$emit('send', $event)" />
    </section>`,
};
