// The ⋯ menu of a message or view.
import { computed } from "vue";
import { ELEMENT, Trouble, useElement } from "./holding.js";
import { MenuButton } from "./menu.js";
import { Words } from "./words.js";

export const Overflow = {
  components: { MenuButton, Trouble, Words },
  props: ELEMENT,
  setup(props) {
    const { isWaiting, trouble, press } = useElement(props);
    const items = computed(() => props.element.options.map((option) => ({ ...option, key: option.value })));
    async function take(option) {
      if ((await press(option.value)) && option.url) window.open(option.url, "_blank", "noopener");
    }
    return { isWaiting, trouble, items, take };
  },
  template: `
    <span class="e-element">
      <menu-button :items="items" label="More options" :is-waiting="isWaiting" @take="take">
        <template #sign><span aria-hidden="true">⋯</span></template>
        <template #item="{ item }"><words :text="item.text" />
          <small v-if="item.description"><words :text="item.description" /></small></template>
      </menu-button>
      <trouble :text="trouble" />
    </span>`,
};
