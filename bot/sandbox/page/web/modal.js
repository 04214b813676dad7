// Modals, the topmost in front.
export const Modals = { props: { views: { type: Array, required: true } }, template: "<div></div>" };
