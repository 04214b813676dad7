// Messages below each other. Only those near what is in view are in the page, however many there are.
import { computed, inject, ref } from "vue";
import { dateOf, dayKey, dayOf } from "./clock.js";
import { useEnd } from "./end.js";
import { repliesInWords } from "./history.js";
import { Message } from "./message.js";

const GROUPED_MS = 5 * 60_000;

export const Timeline = {
  components: { Message },
  props: {
    messages: { type: Array, required: true },
    threads: { type: Map, default: () => new Map() },
    unreadAfter: { type: String, default: null }, // what is younger than this timestamp was not read before
    inThread: Boolean,
    label: { type: String, required: true },
  },
  emits: ["thread", "seen"],
  setup(props, { emit }) {
    const viewer = inject("viewer");
    const list = ref(null);
    const rows = computed(() => laidOut(props.messages, viewer, props.unreadAfter, props.inThread));
    const end = useEnd(list, rows, () => emit("seen"));
    const newest = computed(() => (end.hasAnswer.value ? "↓ Newest: an answer for you" : "↓ Newest"));
    return { list, rows, newest, ...end };
  },
  template: `
    <div class="c-timeline">
      <q-virtual-scroll ref="list" class="c-scroll" :items="rows" :virtual-scroll-item-size="64"
        :virtual-scroll-slice-size="20" tabindex="0" role="log" aria-live="off" :aria-label="label"
        @scroll.passive="look" v-slot="{ item }">
        <div v-if="item.day" :key="item.key" class="c-day" role="separator"><span>{{ item.day }}</span></div>
        <div v-else-if="item.isNew" :key="item.key" class="c-new" role="separator"><span>New</span></div>
        <message v-else :key="item.key" :message="item.message" :follows="item.follows" :in-thread="inThread"
          :thread="threads.get(item.message.ts)" @thread="$emit('thread', $event)" />
      </q-virtual-scroll>
      <button v-if="!isAtEnd" type="button" class="c-to-end" @click="toEnd">{{ newest }}</button>
    </div>`,
};

// Messages with a line before each day, and one before the first that was not read.
function laidOut(messages, viewer, unreadAfter, inThread) {
  const rows = [];
  let [last, hasNew] = [null, false];
  for (const message of messages) {
    const isNew = unreadAfter && !hasNew && message.ts > unreadAfter && isNews(message, viewer.me);
    const date = dateOf(message.ts);
    const day = dayKey(date, viewer.tz);
    const isFirstOfDay = !inThread && day !== (last && dayKey(dateOf(last.ts), viewer.tz));
    if (isFirstOfDay) rows.push({ key: `day ${day}`, day: dayOf(date, viewer.tz) });
    if (isNew) rows.push({ key: "new", isNew });
    hasNew ||= isNew;
    const isBelowLine = isFirstOfDay || isNew || (inThread && last === messages[0]);
    const follows = !isBelowLine && belongTogether(last, message, inThread);
    rows.push({ key: message.ts, message, follows });
    if (inThread && !last && messages.length > 1) rows.push({ key: "replies", day: repliesInWords(messages.length - 1) });
    last = message;
  }
  return rows;
}

// What one wrote oneself, or was answered alone, is no news.
function isNews(message, me) {
  return message.user !== me && !message.ephemeral && !message.local;
}

function belongTogether(last, message, inThread) {
  if (!last || last.user !== message.user) return false;
  const isAlike = Boolean(last.ephemeral || last.local) === Boolean(message.ephemeral || message.local);
  return isAlike && (inThread || !message.broadcast) && (Number(message.ts) - Number(last.ts)) * 1000 < GROUPED_MS;
}
