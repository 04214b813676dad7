// Text as a person reads it.
export const Parts = {
  props: { parts: { type: Array, default: () => [] } },
  template: `<span v-for="(part, at) in parts" :key="at">{{ part.text }}</span>`,
};
