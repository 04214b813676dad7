// Radio buttons and checkboxes, with descriptions.
import { computed, useId } from "vue";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { Words } from "./words.js";

const OPTIONS = `
    <span class="e-element e-wide" :role="isRadio ? 'radiogroup' : 'group'" v-bind="names">
      <label v-for="option in element.options" :key="option.value" class="e-check">
        <input :type="isRadio ? 'radio' : 'checkbox'" :name="id" :checked="isChosen(option)" :aria-busy="isWaiting"
          @change="take(option, $event.target.checked)">
        <span><words :text="option.text" />
          <small v-if="option.description"><words :text="option.description" /></small></span></label>
      <trouble :text="trouble" />
    </span>`;

export const RadioButtons = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const { field, value, isWaiting, trouble, choose } = useElement(props);
    const isChosen = (option) => option.value === value.value;
    const names = computed(() => named(field, "Choose one"));
    return { isRadio: true, id: useId(), isWaiting, trouble, isChosen, take: (option) => choose(option.value), names };
  },
  template: OPTIONS,
};

export const CheckBoxes = {
  components: { Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const { field, value, isWaiting, trouble, choose } = useElement(props);
    const isChosen = (option) => value.value.includes(option.value);
    // In the order in which they stand, as Slack sends them.
    function take(changed, isOn) {
      const on = props.element.options.filter((option) => (option === changed ? isOn : isChosen(option)));
      choose(on.map((option) => option.value));
    }
    // A group takes no aria-required: each of its boxes may stay empty.
    const names = computed(() => ({ ...named(field, "Choose any"), "aria-required": null, "aria-invalid": null }));
    return { isRadio: false, id: useId(), isWaiting, trouble, isChosen, take, names };
  },
  template: OPTIONS,
};
