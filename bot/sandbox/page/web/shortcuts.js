// The app's shortcuts that work anywhere, beside the composer.
import { computed, inject, ref } from "vue";
import { MenuButton } from "./menu.js";

export const Shortcuts = {
  components: { MenuButton },
  setup() {
    const viewer = inject("viewer");
    const act = inject("act");
    const toast = inject("toast");
    const isWaiting = ref(false);
    const items = computed(() =>
      viewer.app.shortcuts
        .filter((shortcut) => shortcut.type === "global")
        .map((shortcut) => ({ ...shortcut, key: shortcut.callback_id })),
    );
    async function run(shortcut) {
      isWaiting.value = true;
      const { refusal } = await act("shortcut", { callback_id: shortcut.callback_id });
      isWaiting.value = false;
      if (refusal) toast(refusal);
    }
    return { viewer, isWaiting, items, run };
  },
  template: `
    <menu-button v-if="items.length" :items="items" label="Shortcuts" :is-waiting="isWaiting" @take="run">
      <template #sign><span aria-hidden="true">⚡</span></template>
      <template #item="{ item }">{{ item.name }} <small>{{ viewer.app.name }}</small></template>
    </menu-button>`,
};
