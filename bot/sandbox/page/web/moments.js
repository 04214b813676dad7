// Dates and times, by the browser's own pickers, which keyboards and screen readers know.
import { computed } from "vue";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { plain } from "./words.js";
import { epochOf, wallOf } from "./zones.js";

// `read` and `write` turn what the input says into the value and back.
function picker(type, words, read, write) {
  return {
    components: { Trouble },
    props: ELEMENT,
    setup(props) {
      const use = useElement(props);
      const shown = computed(() => (use.value.value === null ? "" : write(use.value.value, use.viewer.tz)));
      const zone = computed(() => props.element.timezone ?? (type === "datetime-local" ? use.viewer.tz : ""));
      const names = computed(() => named(use.field, plain(props.element.placeholder) || words));
      let isTyping = false;
      let told = use.value.value;

      // What is typed passes through dates that nobody means, so the app hears of it at the end.
      function changed(event) {
        const text = event.target.value;
        use.hold(text ? read(text, use.viewer.tz) : null);
        if (!isTyping) tell();
      }
      function tell() {
        isTyping = false;
        if (use.value.value === told || use.value.value === null) return;
        told = use.value.value;
        if (use.dispatches.value) use.choose(told);
      }
      function pressed(event) {
        if (event.key === "Enter" && use.dispatches.value) {
          event.preventDefault();
          tell();
        } else if (event.key !== "Tab") isTyping = true;
      }
      return { type, shown, zone, names, isWaiting: use.isWaiting, trouble: use.trouble, changed, tell, pressed };
    },
    template: `
      <span class="e-element">
        <input class="e-input e-moment" :type="type" :value="shown" v-bind="names" :aria-busy="isWaiting"
          @input="changed" @blur="tell" @keydown="pressed">
        <small v-if="zone">{{ zone.replaceAll("_", " ") }}</small>
        <trouble :text="trouble" />
      </span>`,
  };
}

const same = (value) => value;

export const DatePicker = picker("date", "Choose a date", same, same);
export const TimePicker = picker("time", "Choose a time", same, same);
export const DateTimePicker = picker("datetime-local", "Choose a date and time", epochOf, wallOf);
