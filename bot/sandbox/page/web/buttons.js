// What is pressed: buttons of all kinds. One that waits for the app says so and cannot be pressed twice.
import { computed, ref } from "vue";
import { ELEMENT, Trouble, useElement } from "./holding.js";
import { Words, plain } from "./words.js";

export const Button = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const { isWaiting, trouble, press, isConfirmed, tell } = useElement(props);
    const label = computed(() => props.element.accessibility_label ?? null);
    // A link opens by itself, as far as no dialog stands before it.
    async function follow(event) {
      if (!props.element.confirm) return tell(props.element.value);
      event.preventDefault();
      if (!(await isConfirmed())) return false;
      window.open(props.element.url, "_blank", "noopener");
      return tell(props.element.value);
    }
    return { isWaiting, trouble, press, follow, label };
  },
  template: `
    <span class="e-element">
      <a v-if="element.url" class="e-button" :class="element.style && 'e-' + element.style" :href="element.url"
        target="_blank" rel="noopener noreferrer" :aria-label="label" @click="follow"><words :text="element.text" />
        <span class="e-out" aria-hidden="true">↗</span></a>
      <button v-else type="button" class="e-button" :class="[element.style && 'e-' + element.style, { 'e-waits': isWaiting }]"
        :aria-label="label" :aria-busy="isWaiting" :aria-disabled="isWaiting" @click="press(element.value)">
        <words :text="element.text" /></button>
      <trouble :text="trouble" />
    </span>`,
};

export const IconButton = {
  components: { Trouble },
  props: ELEMENT,
  setup(props) {
    const { isWaiting, trouble, press } = useElement(props);
    return { isWaiting, trouble, press, label: computed(() => props.element.accessibility_label ?? plain(props.element.text)) };
  },
  template: `
    <span class="e-element">
      <button type="button" class="e-icon" :class="{ 'e-waits': isWaiting }" :title="label" :aria-label="label"
        :aria-busy="isWaiting" :aria-disabled="isWaiting" @click="press(element.value)">
        <span aria-hidden="true">🗑</span></button>
      <trouble :text="trouble" />
    </span>`,
};

export const FeedbackButtons = {
  components: { Trouble },
  props: ELEMENT,
  setup(props) {
    const { isWaiting, trouble, press } = useElement(props);
    const given = ref(null);
    const buttons = computed(() => [
      { ...props.element.positive_button, sign: "👍" },
      { ...props.element.negative_button, sign: "👎" },
    ].filter((button) => button.text).map((button) => ({ ...button, label: button.accessibility_label ?? plain(button.text) })));
    async function rate(button) {
      if (await press(button.value)) given.value = button.value;
    }
    return { isWaiting, trouble, buttons, given, rate };
  },
  template: `
    <span class="e-element" role="group" aria-label="Feedback">
      <button v-for="button in buttons" :key="button.value" type="button" class="e-icon" :title="button.label"
        :aria-label="button.label" :aria-pressed="given === button.value" :aria-busy="isWaiting"
        :aria-disabled="isWaiting" @click="rate(button)"><span aria-hidden="true">{{ button.sign }}</span></button>
      <trouble :text="trouble" />
    </span>`,
};

// It starts something of Slack's own, which the stand-in has not; the app would not hear of it either.
export const WorkflowButton = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const { isWaiting, trouble, press } = useElement(props);
    return { isWaiting, trouble, press };
  },
  template: `
    <span class="e-element">
      <button type="button" class="e-button" :class="element.style && 'e-' + element.style"
        :aria-label="element.accessibility_label ?? null" :aria-busy="isWaiting" @click="press()">
        <span aria-hidden="true">⚡</span> <words :text="element.text" /></button>
      <trouble :text="trouble" />
    </span>`,
};
