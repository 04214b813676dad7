// A button with a menu behind it: arrows walk it, enter takes, esc closes and gives the focus back.
import { computed, nextTick, ref } from "vue";
import { usePopup } from "./popup.js";

// `items` have a `key`; the slot draws one. `label` names the button and the menu.
export const MenuButton = {
  props: { items: { type: Array, required: true }, label: { type: String, required: true }, isWaiting: Boolean },
  emits: ["take"],
  setup(props, { emit }) {
    const opener = ref(null);
    const panel = ref(null);
    const popup = usePopup(opener, panel);
    const entries = computed(() => [...panel.value.querySelectorAll("[role=menuitem]")]);

    async function open(at = 0) {
      if (props.isWaiting) return;
      await popup.open();
      await nextTick();
      entries.value.at(at).focus();
    }
    function close() {
      popup.close();
      opener.value.focus();
    }
    function take(item) {
      close();
      emit("take", item);
    }
    function walk(event) {
      const at = entries.value.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (event.key === "Tab") return popup.close();
      if (to !== undefined) entries.value.at(to % entries.value.length).focus();
      else if (event.key === "Escape") close();
      else return undefined;
      event.preventDefault();
      return event.stopPropagation();
    }
    const toggle = () => (popup.isOpen.value ? close() : open());
    return { opener, panel, isOpen: popup.isOpen, open, toggle, take, walk };
  },
  template: `
    <button ref="opener" type="button" class="e-button e-more" :class="{ 'e-waits': isWaiting }" aria-haspopup="menu"
      :aria-expanded="isOpen" :aria-label="label" :title="label" :aria-busy="isWaiting" @click="toggle"
      @keydown.down.prevent="open()" @keydown.up.prevent="open(-1)"><slot name="sign" /></button>
    <div v-if="isOpen" ref="panel" popover="manual" class="e-panel" role="menu" :aria-label="label" @keydown="walk">
      <button v-for="item in items" :key="item.key" type="button" role="menuitem" tabindex="-1" class="e-option"
        @click="take(item)"><slot name="item" :item="item" /></button>
    </div>`,
};
