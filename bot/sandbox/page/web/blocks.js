// Blocks below each other.
import { Parts } from "./text.js";
export const Blocks = {
  components: { Parts },
  props: { blocks: { type: Array, required: true }, place: { type: Object, required: true }, attachments: Array, files: Array },
  template: `<div v-for="(block, at) in blocks" :key="at"><parts :parts="block.text && block.text.parts || []" /></div>`,
};
