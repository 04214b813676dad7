// One message: who, when, what, and the thread below it.
import { computed, inject } from "vue";
import { Avatar, nameOf } from "./avatar.js";
import { Blocks } from "./blocks.js";
import { dateOf, fullMoment, timeOfDay } from "./clock.js";
import { repliesInWords } from "./history.js";
import { Parts } from "./text.js";

export const Message = {
  components: { Avatar, Blocks, Parts },
  props: {
    message: { type: Object, required: true },
    follows: Boolean, // right below another one of the same author: no name again
    thread: { type: Object, default: null },
    inThread: Boolean,
  },
  emits: ["thread"],
  setup(props) {
    const viewer = inject("viewer");
    const act = inject("act");
    const toast = inject("toast");
    const at = computed(() => dateOf(props.message.ts));
    const place = computed(() => ({
      kind: props.message.ephemeral ? "ephemeral" : "message",
      id: props.message.ts,
      channel: props.message.channel,
    }));
    const shortcuts = computed(() =>
      props.message.ephemeral || props.message.local
        ? []
        : viewer.app.shortcuts.filter((shortcut) => shortcut.type === "message"),
    );
    async function run(shortcut) {
      const { channel, ts } = props.message;
      const { refusal } = await act("shortcut", { channel, ts, callback_id: shortcut.callback_id });
      if (refusal) toast(refusal);
    }
    return {
      viewer,
      place,
      shortcuts,
      run,
      author: computed(() => nameOf(viewer, props.message.user)),
      time: computed(() => timeOfDay(at.value, viewer.tz)),
      moment: computed(() => fullMoment(at.value, viewer.tz)),
      replies: computed(() => repliesInWords(props.thread?.count)),
      latest: computed(() => timeOfDay(dateOf(props.thread.latest), viewer.tz)),
    };
  },
  template: `
    <article class="c-message" :class="{ 'c-follows': follows, 'c-only-you': message.ephemeral || message.local }"
      :data-ts="message.ts" :aria-label="author + ', ' + time">
      <div class="c-gutter">
        <time v-if="follows" class="c-time c-time-hidden" :title="moment">{{ time }}</time>
        <avatar v-else :user="message.user" />
      </div>
      <div class="c-content">
        <div v-if="message.ephemeral || message.local" class="c-note">
          <span aria-hidden="true">👁</span> Only you can see this
        </div>
        <header v-if="!follows" class="c-head">
          <b class="c-author">{{ author }}</b>
          <span v-if="message.is_app || message.user === viewer.app.user_id" class="c-badge">APP</span>
          <time class="c-time" :title="moment">{{ time }}</time>
        </header>
        <div v-if="message.broadcast && !inThread" class="c-note">
          replied to <button type="button" class="c-link" @click="$emit('thread', message.thread_ts)">a thread</button>
        </div>
        <div v-if="message.parts.length" class="c-text"><parts :parts="message.parts" /></div>
        <blocks :blocks="message.blocks" :place="place" :attachments="message.attachments" :files="message.files" />
        <small v-if="message.edited" class="c-edited">(edited)</small>
        <button v-if="thread && !inThread" type="button" class="c-replies" @click="$emit('thread', message.ts)">
          <avatar v-for="user in [...thread.users].slice(0, 3)" :key="user" :user="user" />
          <b>{{ replies }}</b> <span>Last reply at {{ latest }}</span>
        </button>
      </div>
      <div v-if="!message.ephemeral && !message.local && !inThread || shortcuts.length" class="c-tools">
        <button v-if="!inThread" type="button" title="Reply in thread"
          @click="$emit('thread', message.thread_ts || message.ts)"><span aria-hidden="true">💬</span>
          <span class="c-unseen">Reply in thread</span></button>
        <button v-if="shortcuts.length" type="button" title="More actions" aria-haspopup="menu">
          <span aria-hidden="true">⋮</span><span class="c-unseen">More actions</span>
          <q-menu auto-close anchor="bottom right" self="top right"><q-list class="c-menu">
            <q-item v-for="shortcut in shortcuts" :key="shortcut.callback_id" clickable @click="run(shortcut)">
              <q-item-section>{{ shortcut.name }}<small>{{ viewer.app.name }}</small></q-item-section>
            </q-item></q-list></q-menu>
        </button>
      </div>
    </article>`,
};
