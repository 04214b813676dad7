// Inputs for text, e-mail addresses, URLs and numbers.
import { computed, onBeforeUnmount } from "vue";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { plain } from "./words.js";

const LONGEST = 3000;
const NEAR = 20; // how many characters before the end are counted
const PAUSE_MS = 300;
const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text" };
const WORDS = { email_text_input: "E-mail address", url_text_input: "URL", number_input: "Number" };

export const TextInput = {
  components: { Trouble },
  props: ELEMENT,
  setup(props) {
    const use = useElement(props);
    const hint = computed(() => plain(props.element.placeholder));
    const on = computed(() => props.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]);
    const longest = computed(() => props.element.max_length ?? LONGEST);
    let timer = null;
    onBeforeUnmount(() => clearTimeout(timer));

    function typed(event) {
      use.hold(event.target.value);
      if (!use.dispatches.value || !on.value.includes("on_character_entered")) return;
      clearTimeout(timer);
      timer = setTimeout(() => use.choose(use.value.value), PAUSE_MS);
    }
    function entered(event) {
      if (event.isComposing || event.shiftKey || !use.dispatches.value) return;
      event.preventDefault();
      if (on.value.includes("on_enter_pressed")) use.choose(use.value.value);
    }
    return {
      NEAR, value: use.value, isWaiting: use.isWaiting, trouble: use.trouble, hint, longest, typed, entered,
      type: TYPES[props.element.type] ?? "text",
      mode: props.element.type === "number_input" ? "decimal" : null,
      left: computed(() => longest.value - String(use.value.value).length),
      names: computed(() => named(use.field, hint.value || WORDS[props.element.type] || "Text")),
    };
  },
  template: `
    <span class="e-element e-wide">
      <textarea v-if="element.multiline" class="e-input" rows="4" :value="value" :placeholder="hint" v-bind="names"
        :maxlength="longest" :aria-busy="isWaiting" @input="typed"></textarea>
      <input v-else class="e-input" :type="type" :inputmode="mode" :value="value" :placeholder="hint" v-bind="names"
        :maxlength="longest" :aria-busy="isWaiting" autocomplete="off" @input="typed" @keydown.enter="entered">
      <small v-if="value && element.max_length && left <= NEAR" class="e-left">{{ left }} characters left</small>
      <trouble :text="trouble" />
    </span>`,
};
