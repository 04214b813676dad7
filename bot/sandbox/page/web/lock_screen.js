// What a phone shows while it is locked: the `text` of each message, and nothing of its blocks.
import { inject } from "vue";
import { timeOfDay } from "./clock.js";

export const LockScreen = {
  props: { notices: { type: Array, required: true } },
  emits: ["close", "go"],
  setup() {
    const viewer = inject("viewer");
    return { viewer, time: (date) => timeOfDay(date, viewer.tz) };
  },
  template: `
    <aside class="c-lock" aria-label="Lock screen">
      <header><b>{{ time(viewer.now()) }}</b>
        <button type="button" title="Close" @click="$emit('close')"><span aria-hidden="true">✕</span>
          <span class="c-unseen">Close the lock screen</span></button></header>
      <p v-if="!notices.length" class="c-lock-empty">Nothing has arrived yet.</p>
      <ul>
        <li v-for="notice in notices" :key="notice.channel + notice.ts">
          <button type="button" @click="$emit('go', notice.channel)">
            <span class="c-lock-app">Slack · {{ time(notice.at) }}</span>
            <b>{{ viewer.app.name }} ({{ notice.place }})</b>
            <span class="c-lock-line">{{ notice.line }}</span></button></li>
      </ul>
    </aside>`,
};
