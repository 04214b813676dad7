// The whole client: what the parts share, and which of them are on the screen.
import { computed, onMounted, onUnmounted, provide, ref, watch } from "vue";
import { Channel } from "./channel.js";
import { ConfirmDialog } from "./dialogs.js";
import { LockScreen } from "./lock_screen.js";
import { Modals } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Thread } from "./thread.js";

const ANSWER_S = 3;

export default {
  components: { Channel, ConfirmDialog, LockScreen, Modals, Sidebar, Thread },
  props: { suggestions: Array, titles: Object, hasPanel: Boolean },
  emits: ["act"],
  setup(props, { emit }) {
    const store = new Store((asked) => emit("act", asked));
    const { state } = store;
    const here = ref("");
    const threadTs = ref(null);
    const screen = ref("channel"); // what a narrow window shows: list, channel or thread
    const isLocked = ref(false);
    const isPanelOpen = ref(window.innerWidth > 1100);
    const isDark = ref(Quasar.Dark.isActive);
    const dialog = ref(null);
    const place = computed(() => state.channels[here.value]);
    const history = computed(() => store.histories.get(here.value) ?? null);

    const toast = (text) => Quasar.Notify.create({ message: text, position: "top", timeout: 1000 * ANSWER_S });
    Object.assign(state, { go, now: () => new Date() });
    provide("viewer", state);
    provide("act", (name, args) => store.act(name, args));
    provide("ask", (confirm) => dialog.value.ask(confirm));
    provide("toast", toast);

    function go(channel) {
      here.value = channel;
      threadTs.value = null;
      screen.value = "channel";
      store.open(channel);
      remember();
    }
    function showThread(ts) {
      threadTs.value = ts;
      screen.value = "thread";
    }
    function closeThread() {
      threadTs.value = null;
      screen.value = "channel";
    }
    async function send(line, thread = null) {
      const channel = here.value;
      const name = line.startsWith("/") ? "command" : "say";
      const { refusal } = await store.act(name, { channel, text: line, thread_ts: thread });
      if (refusal) store.take([{ kind: "message", message: localNote(channel, refusal, thread) }]);
    }
    async function become(person) {
      threadTs.value = null;
      await store.become(person);
    }
    function remember() {
      const address = new URL(location.href);
      address.searchParams.set("as", state.people[state.me]?.name);
      address.searchParams.set("in", place.value?.name ?? "");
      window.history.replaceState(null, "", address);
    }
    // Where one may not be (any more), the first channel is shown instead.
    watch(
      () => [state.me, ...Object.keys(state.channels)].join(), // a text: a list would be a new one at each look
      () => {
        const wanted = new URL(location.href).searchParams.get("in");
        const places = Object.values(state.channels);
        const first = here.value ? null : places.find((each) => each.name === wanted);
        if (state.channels[here.value]) go(here.value);
        else if (places.length) go((first ?? places[0]).id);
      },
    );
    watch(isPanelOpen, (isOpen) => document.body.classList.toggle("c-panel-shut", !isOpen), { immediate: true });
    function toggleDark() {
      Quasar.Dark.toggle();
      isDark.value = Quasar.Dark.isActive;
    }
    // As in Slack: alt and an arrow go to the next channel, esc closes what lies on top.
    function pressed(event) {
      const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step) {
        const places = Object.keys(state.channels);
        go(places[(places.indexOf(here.value) + step + places.length) % places.length]);
        event.preventDefault();
      }
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (isLocked.value) isLocked.value = false;
      else if (threadTs.value) closeThread();
    }
    const turnPanel = () => (isPanelOpen.value = !isPanelOpen.value);
    onMounted(() => {
      window.addEventListener("keydown", pressed);
      window.addEventListener("portwire-panel", turnPanel);
      store.act("ready");
    });
    onUnmounted(() => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("portwire-panel", turnPanel);
    });
    return {
      state, here, place, history, threadTs, screen, isLocked, isPanelOpen, isDark, dialog, go, showThread, closeThread,
      send, become, toggleDark, take: (news) => store.take(news),
    };
  },
  template: `
    <div class="c-client" :class="'c-on-' + screen">
      <template v-if="state.me">
        <sidebar :here="here" :titles="titles" :is-dark="isDark" :has-panel="hasPanel" :is-panel-open="isPanelOpen"
          :is-locked="isLocked" @go="go" @become="become" @dark="toggleDark" @panel="isPanelOpen = !isPanelOpen"
          @lock="isLocked = !isLocked" />
        <channel v-if="place" :place="place" :history="history" :home="state.home" :suggestions="suggestions"
          @thread="showThread" @send="send" @back="screen = 'list'" />
        <thread v-if="place && history && threadTs" :key="threadTs" :place="place" :history="history" :ts="threadTs"
          @close="closeThread" @send="send($event, threadTs)" />
        <lock-screen v-if="isLocked" :notices="state.notices" @close="isLocked = false" @go="go" />
        <modals :views="state.modals" />
      </template>
      <confirm-dialog ref="dialog" />
    </div>`,
};

// What Slack itself says to whoever typed something that went nowhere.
function localNote(channel, words, thread) {
  const ts = (Date.now() / 1000).toFixed(6);
  const parts = [{ type: "text", text: words }];
  const note = { ts, channel, thread_ts: thread, user: "USLACKBOT", local: true, in_channel: !thread };
  return { ...note, blocks: [], parts };
}
