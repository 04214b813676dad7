// Who one is, where one can go, and what waits there.
import { computed, inject } from "vue";

export const Sidebar = {
  props: {
    here: { type: String, required: true },
    titles: { type: Object, required: true },
    isDark: Boolean,
    hasPanel: Boolean,
    isPanelOpen: Boolean,
    isLocked: Boolean,
  },
  emits: ["go", "become", "dark", "panel", "lock"],
  setup(props) {
    const viewer = inject("viewer");
    const places = computed(() => Object.values(viewer.channels));
    const people = computed(() =>
      Object.values(viewer.people).map(({ id, name, role }) => ({ id, words: `${name}, ${props.titles[id] ?? role}` })),
    );
    return {
      viewer,
      people,
      town: computed(() => viewer.tz.split("/").at(-1).replaceAll("_", " ")),
      channels: computed(() => places.value.filter((place) => !place.is_im)),
      direct: computed(() => places.value.filter((place) => place.is_im)),
      sign: (place) => (place.is_private ? "🔒" : "#"),
      waiting: (place) => (place.unread > 99 ? "99+" : String(place.unread)),
      named: (place) => `${place.name}${place.unread ? `, ${place.unread} unread` : ""}`,
    };
  },
  template: `
    <nav class="c-sidebar" aria-label="Workspace">
      <header class="c-workspace"><h1>Portwire sandbox</h1>
        <p>Nothing here is real, but the bot is. Type <b>{{ viewer.app.command }}</b> to see what it can do.</p></header>
      <label class="c-who">You are
        <select :value="viewer.me" @change="$emit('become', $event.target.value)">
          <option v-for="person in people" :key="person.id" :value="person.id">{{ person.words }}</option>
        </select></label>
      <p class="c-zone">Times are shown as in {{ town }}.</p>
      <h2>Channels</h2>
      <ul>
        <li v-for="place in channels" :key="place.id">
          <button type="button" class="c-place" :class="{ 'c-here': here === place.id, 'c-unread': place.unread,
            'c-archived': place.is_archived }" :aria-current="here === place.id ? 'page' : null"
            :aria-label="named(place)" @click="$emit('go', place.id)">
            <span class="c-sign" aria-hidden="true">{{ place.is_archived ? "🗄" : sign(place) }}</span>
            <span class="c-name">{{ place.name }}</span>
            <span v-if="place.is_shared" class="c-shared" title="Shared with another organisation">shared</span>
            <span v-if="place.unread" class="c-count">{{ waiting(place) }}</span>
          </button></li>
      </ul>
      <h2>Apps</h2>
      <ul>
        <li v-for="place in direct" :key="place.id">
          <button type="button" class="c-place" :class="{ 'c-here': here === place.id, 'c-unread': place.unread }"
            :aria-current="here === place.id ? 'page' : null" :aria-label="named(place)" @click="$emit('go', place.id)">
            <span class="c-sign" aria-hidden="true">⇄</span><span class="c-name">{{ place.name }}</span>
            <span v-if="place.unread" class="c-count">{{ waiting(place) }}</span>
          </button></li>
      </ul>
      <footer class="c-looks">
        <button type="button" :aria-pressed="isDark" @click="$emit('dark')">
          <span aria-hidden="true">{{ isDark ? "☀" : "☾" }}</span> {{ isDark ? "Light" : "Dark" }}</button>
        <button type="button" :aria-pressed="isLocked" @click="$emit('lock')">
          <span aria-hidden="true">📱</span> Lock screen</button>
        <button v-if="hasPanel" type="button" :aria-pressed="isPanelOpen" @click="$emit('panel')">
          <span aria-hidden="true">🎛</span> Controls</button>
      </footer>
    </nav>`,
};
