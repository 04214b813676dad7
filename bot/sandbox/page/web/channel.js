// A channel or the app's direct message: head, messages or Home, and the composer.
import { computed, inject, nextTick, onMounted, ref, watch } from "vue";
import { Blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { Timeline } from "./timeline.js";

export const Channel = {
  components: { Blocks, Composer, Timeline },
  props: {
    place: { type: Object, required: true },
    history: { type: Object, default: null },
    home: { type: Object, default: null },
    suggestions: { type: Array, default: () => [] },
  },
  emits: ["thread", "send", "back"],
  setup(props) {
    const viewer = inject("viewer");
    const act = inject("act");
    const tab = ref("messages");
    const composer = ref(null);
    const unreadAfter = ref(null);
    const messages = computed(() => props.history?.shown() ?? []);
    const threads = computed(() => props.history?.threads() ?? new Map());

    watch(
      () => `${viewer.me} ${props.place.id}`,
      () => {
        tab.value = "messages";
        unreadAfter.value = (props.place.unread && props.place.read_until) || null;
      },
      { immediate: true },
    );
    // Whoever goes somewhere can type there; on a phone that would raise the keyboard.
    async function focus() {
      await nextTick();
      if (matchMedia("(hover: hover)").matches) composer.value?.focus();
    }
    watch(() => props.place.id, focus);
    onMounted(focus);
    function seen() {
      const newest = messages.value.findLast((message) => !message.ephemeral && !message.local);
      if (newest && newest.ts > props.place.read_until && document.visibilityState === "visible") {
        act("read", { channel: props.place.id, ts: newest.ts });
      }
    }
    function showHome() {
      tab.value = "home";
      act("home");
    }
    const change = (name) => act(name, { channel: props.place.id });
    const homePlace = computed(() => ({ kind: "view", id: props.home?.id, channel: null }));
    return { viewer, tab, composer, unreadAfter, messages, threads, seen, showHome, change, homePlace };
  },
  template: `
    <section class="c-channel" :aria-label="place.name">
      <header class="c-title">
        <button type="button" class="c-back" @click="$emit('back')"><span aria-hidden="true">‹</span>
          <span class="c-unseen">Back to the channels</span></button>
        <h2><span aria-hidden="true">{{ place.is_im ? "⇄" : "#" }}</span> {{ place.name }}</h2>
        <span v-if="!place.is_im" class="c-members">{{ place.members }} members</span>
        <div v-if="place.is_im" class="c-tabs" role="tablist" aria-label="Parts of the app">
          <button type="button" role="tab" :aria-selected="tab === 'home'" @click="showHome">Home</button>
          <button type="button" role="tab" :aria-selected="tab === 'messages'" @click="tab = 'messages'">
            Messages</button>
        </div>
        <button v-else type="button" class="c-more" aria-haspopup="menu">
          <span aria-hidden="true">⋯</span><span class="c-unseen">Change this channel</span>
          <q-menu auto-close anchor="bottom right" self="top right"><q-list class="c-menu">
            <q-item v-if="!place.has_app && !place.is_archived" clickable @click="change('invite')">
              <q-item-section>Invite @{{ viewer.app.name }}</q-item-section></q-item>
            <q-item v-if="place.has_app" clickable @click="change('leave')">
              <q-item-section>Remove @{{ viewer.app.name }}</q-item-section></q-item>
            <q-item v-if="!place.is_archived" clickable @click="change('archive')">
              <q-item-section>Archive the channel</q-item-section></q-item>
            <q-item v-else clickable @click="change('unarchive')">
              <q-item-section>Unarchive the channel</q-item-section></q-item>
          </q-list></q-menu>
        </button>
      </header>
      <div v-if="place.is_im && tab === 'home'" class="c-home" role="tabpanel" aria-label="Home">
        <blocks v-if="home" :key="home.id" :blocks="home.content.blocks" :place="homePlace" />
        <p v-else class="c-empty">The app has shown nothing here yet.</p>
      </div>
      <template v-else>
        <p v-if="!place.has_app" class="c-banner">{{ place.is_archived
          ? "This channel is archived. Nobody can write here."
          : "@" + viewer.app.name + " is not in this channel." }}
          <button v-if="!place.is_archived" type="button" class="c-link" @click="change('invite')">
            Invite it</button>
          <button v-else type="button" class="c-link" @click="change('unarchive')">Unarchive it</button></p>
        <p v-if="history && !messages.length" class="c-empty">Nothing has been written here yet. Type
          <b>{{ place.is_im ? "help" : viewer.app.command + " help" }}</b> to begin.</p>
        <timeline v-if="history" :key="place.id" :messages="messages" :threads="threads" :unread-after="unreadAfter"
          :label="'Messages in ' + place.name" @thread="$emit('thread', $event)" @seen="seen" />
        <composer ref="composer" :channel="place" :suggestions="suggestions" @send="$emit('send', $event)" />
      </template>
    </section>`,
};
