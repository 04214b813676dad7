// Every menu: one can type to search, arrows walk it, enter takes, esc closes, backspace takes back.
import { computed, nextTick, ref, useId } from "vue";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { begun, isExternal, isMany, matching, offered } from "./options.js";
import { usePopup } from "./popup.js";
import { useSuggestions } from "./suggestions.js";
import { Words, plain } from "./words.js";

export const Select = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const use = useElement(props);
    const { viewer, field, value, trouble } = use;
    const id = useId();
    const box = ref(null);
    const input = ref(null);
    const panel = ref(null);
    const query = ref("");
    const at = ref(-1);
    const popup = usePopup(box, panel);
    const external = isExternal(props.element.type);
    const many = isMany(props.element.type);
    const suggestions = useSuggestions(props, use.suggest);
    const known = new Map(); // what was chosen of the app's suggestions

    const groups = computed(() => {
      if (external) return suggestions.groups.value;
      return matching(offered(props.element, viewer), query.value);
    });
    const flat = computed(() => groups.value.flatMap((group) => group.options));
    const status = computed(() => (external ? suggestions.status.value : flat.value.length ? "" : "No results"));
    const chosen = computed(() => (many ? value.value : [value.value].filter((each) => each !== null && each !== "")));
    const chips = computed(() => chosen.value.map((each) => ({ value: each, label: labelOf(each) })));
    const shown = computed(() => (popup.isOpen.value || many ? query.value : (chips.value[0]?.label ?? "")));
    const hint = computed(() => plain(props.element.placeholder) || (many ? "Choose options" : "Choose an option"));
    const isFull = computed(() => many && chosen.value.length >= (props.element.max_selected_items ?? Infinity));
    const canClear = computed(() => chosen.value.length > 0 && !use.dispatches.value);
    let before = null;

    function labelOf(wanted) {
      const all = [...begun(props.element), ...offered(props.element, viewer).flatMap((group) => group.options)];
      return (known.get(wanted) ?? all.find((option) => option.value === wanted))?.label ?? wanted;
    }
    async function open() {
      if (popup.isOpen.value || use.isWaiting.value) return;
      before = value.value;
      query.value = "";
      if (external) suggestions.look("");
      await popup.open();
      at.value = Math.max(0, flat.value.findIndex((option) => isChosen(option)));
      show();
    }
    // The app hears of a multi-select once, when its menu closes.
    function close() {
      if (!popup.isOpen.value) return;
      popup.close();
      query.value = "";
      if (many && use.dispatches.value && value.value.join() !== before.join()) use.choose(value.value);
    }
    const isChosen = (option) => chosen.value.includes(option.value);
    function take(option) {
      if (external) known.set(option.value, option);
      if (many) toggle(option);
      else {
        popup.close();
        query.value = "";
        if (!isChosen(option)) use.choose(option.value);
      }
    }
    function toggle(option) {
      if (isChosen(option)) use.hold(chosen.value.filter((each) => each !== option.value));
      else if (!isFull.value) use.hold([...chosen.value, option.value]);
      if (!external) query.value = "";
      popup.settle();
    }
    function drop(wanted) {
      const left = chosen.value.filter((each) => each !== wanted);
      if (popup.isOpen.value || !use.dispatches.value) use.hold(left);
      else use.choose(left);
      input.value.focus();
    }
    function clear() {
      use.hold(many ? [] : null);
      input.value.focus();
    }
    async function typed(event) {
      const text = event.target.value;
      await open();
      query.value = text;
      at.value = 0;
      if (external) suggestions.look(text);
      popup.settle();
    }
    function step(by) {
      at.value = (at.value + by + flat.value.length) % Math.max(1, flat.value.length);
      show();
    }
    async function show() {
      await nextTick();
      document.getElementById(id + at.value)?.scrollIntoView({ block: "nearest" });
    }
    function enter() {
      if (!popup.isOpen.value) return open();
      return flat.value[at.value] && take(flat.value[at.value]);
    }
    const KEYS = {
      ArrowDown: () => (popup.isOpen.value ? step(1) : open()),
      ArrowUp: () => (popup.isOpen.value ? step(-1) : open()),
      Enter: enter,
      Escape: () => (popup.isOpen.value ? close() : false),
      Tab: () => { close(); return false; },
      Backspace: () => many && !query.value && chips.value.length ? drop(chips.value.at(-1).value) : false,
    };
    function pressed(event) {
      if (!KEYS[event.key] || event.isComposing || KEYS[event.key]() === false) return;
      event.preventDefault();
      event.stopPropagation();
    }
    function left(event) {
      if (!box.value.contains(event.relatedTarget) && !panel.value?.contains(event.relatedTarget)) close();
    }
    const numbered = computed(() => {
      let number = 0;
      return groups.value.map(({ label, options }) => ({ label, options: options.map((option) => ({ option, number: number++ })) }));
    });
    return {
      id, box, input, panel, at, many, isOpen: popup.isOpen, isWaiting: use.isWaiting, trouble, status, chips, shown, hint,
      isFull, canClear, numbered, isChosen, open, close, take, drop, clear, typed, pressed, left,
      names: computed(() => named(field, hint.value)),
    };
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
