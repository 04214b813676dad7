// An input block: its label, its element, its hint and what is wrong with it.
import { computed, inject, provide, useId } from "vue";
import { Element } from "./elements.js";
import { Words } from "./words.js";

export const Input = {
  components: { Element, Words },
  props: { block: { type: Object, required: true }, place: { type: Object, required: true } },
  setup(props) {
    const form = inject("form", null);
    const id = useId();
    const problem = computed(() => form?.errors[props.block.block_id] ?? "");
    const isOptional = computed(() => Boolean(props.block.optional));
    const describedBy = computed(() => (problem.value ? `${id}-problem` : props.block.hint ? `${id}-hint` : null));
    provide("field", { labelId: `${id}-label`, describedBy, problem, isOptional });
    return { id, problem, isOptional };
  },
  template: `
    <div class="e-block" :class="{ 'e-wrong': problem }" :data-block="block.block_id">
      <div class="e-label"><span :id="id + '-label'"><words :text="block.label" /></span>
        <span v-if="isOptional" class="e-optional">(optional)</span></div>
      <element :element="block.element" :block="block" :place="place" />
      <div v-if="problem" :id="id + '-problem'" class="e-problem" role="alert"><span aria-hidden="true">⚠</span> {{ problem }}</div>
      <div v-else-if="block.hint" :id="id + '-hint'" class="e-hint"><words :text="block.hint" /></div>
    </div>`,
};
