// The dialog that asks before something is done.
export const ConfirmDialog = { setup: () => ({ ask: async () => true }), template: "<div></div>" };
