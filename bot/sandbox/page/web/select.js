// Every menu: one can type to search, arrows walk it, enter takes, esc closes, backspace takes back.
import { computed, ref, useId } from "vue";
import { useChosen } from "./chosen.js";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { useListing } from "./listing.js";
import { usePopup } from "./popup.js";
import { Words, plain } from "./words.js";

export const Select = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const id = useId();
    const input = ref(null);
    const use = useElement(props);
    const menu = useMenu(props, use, id);
    const { many, chips } = menu;
    const hint = computed(() => plain(props.element.placeholder) || (many ? "Choose options" : "Choose an option"));
    const shown = computed(() => (menu.isOpen.value || many ? menu.query.value : (chips.value[0]?.label ?? "")));

    function drop(value) {
      menu.drop(value, menu.isOpen.value);
      input.value.focus();
    }
    function clear() {
      menu.clear();
      input.value.focus();
    }
    const { isWaiting, trouble } = use;
    const names = computed(() => named(use.field, hint.value));
    return { ...menu, id, input, isWaiting, trouble, hint, shown, names, drop, clear, pressed: keysOf(menu) };
  },
  template: `
    <span class="e-element" :class="names['aria-labelledby'] ? 'e-wide' : 'e-menu'" @focusout="left">
      <span ref="box" class="e-field" :class="{ 'e-waits': isWaiting, 'e-is-open': isOpen }" @click="input.focus(); open()">
        <span v-for="chip in many ? chips : []" :key="chip.value" class="e-chip">{{ chip.label }}
          <button type="button" :aria-label="'Remove ' + chip.label" @click.stop="drop(chip.value)">
            <span aria-hidden="true">✕</span></button></span>
        <input ref="input" type="text" role="combobox" aria-autocomplete="list" :aria-expanded="isOpen" autocomplete="off"
          :aria-controls="isOpen ? id : null" :aria-activedescendant="isOpen && at >= 0 ? id + at : null" v-bind="names"
          :aria-busy="isWaiting" :placeholder="many && chips.length ? '' : hint" :value="shown" spellcheck="false"
          @input="typed" @keydown="pressed">
        <button v-if="canClear" type="button" class="e-clear" aria-label="Clear the choice" @click.stop="clear">
          <span aria-hidden="true">✕</span></button>
        <span class="e-caret" aria-hidden="true">▾</span>
      </span>
      <div v-if="isOpen" ref="panel" popover="manual" class="e-panel">
        <p class="e-status" role="status">{{ isFull ? "No more can be chosen." : status }}</p>
        <div v-if="numbered.length" :id="id" role="listbox" :aria-multiselectable="many" :aria-label="hint">
          <div v-for="(group, place) in numbered" :key="place" :role="group.label ? 'group' : 'presentation'"
            :aria-label="group.label || null">
            <div v-if="group.label" class="e-group" aria-hidden="true">{{ group.label }}</div>
            <div v-for="{ option, number } in group.options" :id="id + number" :key="option.value" role="option"
              class="e-option" :class="{ 'e-at': number === at }" :aria-selected="isChosen(option)"
              @mousedown.prevent @click="take(option)" @mousemove="at = number">
              <words v-if="option.text" :text="option.text" /><template v-else>{{ option.label }}</template>
              <small v-if="option.description"><words :text="option.description" /></small>
            </div>
          </div>
        </div>
      </div>
      <trouble :text="trouble" />
    </span>`,
};

// The menu behind the field: opening, searching, taking.
function useMenu(props, use, id) {
  const box = ref(null);
  const panel = ref(null);
  const popup = usePopup(box, panel);
  const chosen = useChosen(props, use);
  const listing = useListing(props, use, id);
  let before = "";

  async function open() {
    if (popup.isOpen.value || use.isWaiting.value) return;
    before = String(use.value.value);
    listing.search("");
    await popup.open();
    listing.stand(listing.flat.value.findIndex(chosen.isChosen));
  }
  // The app hears of a multi-select once, when its menu closes.
  function close() {
    if (!popup.isOpen.value) return;
    popup.close();
    listing.query.value = "";
    if (chosen.many && use.dispatches.value && String(use.value.value) !== before) use.choose(use.value.value);
  }
  function take(option) {
    if (chosen.many) {
      chosen.toggle(option);
      listing.forget();
      popup.settle();
    } else {
      close();
      chosen.choose(option);
    }
  }
  async function typed(event) {
    const words = event.target.value;
    await open();
    listing.search(words);
    popup.settle();
  }
  function left(event) {
    if (!box.value.contains(event.relatedTarget) && !panel.value?.contains(event.relatedTarget)) close();
  }
  return { ...chosen, ...listing, box, panel, isOpen: popup.isOpen, open, close, take, typed, left };
}

// What keys do in the field; what they do not is left to the browser.
function keysOf(menu) {
  const { isOpen, open, close, step, take, flat, at, query, chips, many, drop } = menu;
  const keys = {
    ArrowDown: () => (isOpen.value ? step(1) : open()),
    ArrowUp: () => (isOpen.value ? step(-1) : open()),
    Enter: () => (isOpen.value ? flat.value[at.value] && take(flat.value[at.value]) : open()),
    Escape: () => (isOpen.value ? close() : false),
    Tab: () => (close(), false),
    Backspace: () => (many && !query.value && chips.value.length ? drop(chips.value.at(-1).value, isOpen.value) : false),
  };
  return (event) => {
    if (!keys[event.key] || event.isComposing || keys[event.key]() === false) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
