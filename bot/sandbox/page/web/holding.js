// What inputs hold before the app hears of it, and the way from an element to the app.
import { computed, inject, onBeforeUnmount, reactive, ref } from "vue";

const sheets = reactive({});

// What somebody filled in on one message or view, by "block_id/action_id"; kept while it is off the screen.
export function sheetOf(person, target) {
  return sheets[`${person}/${target}`] ?? {};
}

function keep(person, target, key, value) {
  sheets[`${person}/${target}`] = { ...sheetOf(person, target), [key]: value };
}

export function keyOf(block, element) {
  return `${block.block_id}/${element.action_id}`;
}

const INITIAL = {
  static_select: (element) => element.initial_option?.value ?? null,
  external_select: (element) => element.initial_option?.value ?? null,
  radio_buttons: (element) => element.initial_option?.value ?? null,
  multi_static_select: values,
  multi_external_select: values,
  checkboxes: values,
  users_select: (element) => element.initial_user ?? null,
  multi_users_select: (element) => element.initial_users ?? [],
  channels_select: (element) => element.initial_channel ?? null,
  multi_channels_select: (element) => element.initial_channels ?? [],
  conversations_select: (element, here) => element.initial_conversation ?? here ?? null,
  multi_conversations_select: (element, here) => element.initial_conversations ?? (here ? [here] : []),
  datepicker: (element) => element.initial_date ?? null,
  timepicker: (element) => element.initial_time ?? null,
  datetimepicker: (element) => element.initial_date_time ?? null,
  file_input: () => [],
};

function values(element) {
  return (element.initial_options ?? []).map((option) => option.value);
}

function initialOf(element, place) {
  const here = element.default_to_current_conversation ? place.channel : null;
  const read = INITIAL[element.type];
  return read ? read(element, here) : (element.initial_value ?? "");
}

// What an element's component needs: `value` and how to change it, `isWaiting` for the app, `trouble` with it.
export function useElement(props) {
  const viewer = inject("viewer");
  const act = inject("act");
  const ask = inject("ask");
  const toast = inject("toast");
  const form = inject("form", null);
  const field = inject("field", null);
  const isWaiting = ref(false);
  const trouble = ref("");
  const sheet = computed(() => sheetOf(viewer.me, props.place.id));
  const key = computed(() => keyOf(props.block, props.element));
  const value = computed(() => {
    return key.value in sheet.value ? sheet.value[key.value] : initialOf(props.element, props.place);
  });
  const dispatches = computed(() => props.block.type !== "input" || Boolean(props.block.dispatch_action));
  let later = null; // what was chosen while the app was being told of something else
  let isGone = false;
  onBeforeUnmount(() => (isGone = true));

  function hold(next) {
    keep(viewer.me, props.place.id, key.value, next);
    form?.forget(props.block.block_id);
  }
  function target() {
    const { channel, id } = props.place;
    return { channel, target: id, block_id: props.block.block_id, action_id: props.element.action_id };
  }
  // Tells the app; false where nothing came of it.
  async function tell(next) {
    if (isWaiting.value) {
      later = { next };
      return false;
    }
    isWaiting.value = true;
    trouble.value = "";
    const { refusal } = await act("click", { ...target(), value: next, values: { ...sheet.value } });
    isWaiting.value = false;
    if (refusal && isGone) toast(refusal);
    else if (refusal) trouble.value = refusal;
    const waits = later;
    later = null;
    return waits ? tell(waits.next) : !refusal;
  }
  async function isConfirmed() {
    return !props.element.confirm || ask(props.element.confirm);
  }
  async function press(next) {
    return !isWaiting.value && (await isConfirmed()) && tell(next);
  }
  // Takes a choice, unless its confirm dialog is turned down, and tells the app where it wants to know.
  async function choose(next) {
    const before = value.value;
    hold(next);
    if (!dispatches.value) return;
    if (await isConfirmed()) await tell(next);
    else hold(before);
  }
  const suggest = (text) => act("suggest", { ...target(), text });
  return { viewer, field, value, isWaiting, trouble, dispatches, hold, tell, press, choose, suggest, isConfirmed };
}

// The attributes that name an input for screen readers: its block's label, or else words of its own.
export function named(field, words) {
  if (!field) return { "aria-label": words };
  return {
    "aria-labelledby": field.labelId,
    "aria-describedby": field.describedBy.value,
    "aria-invalid": field.problem.value ? "true" : null,
    "aria-required": field.isOptional.value ? null : "true",
  };
}

export const ELEMENT = {
  element: { type: Object, required: true },
  block: { type: Object, required: true },
  place: { type: Object, required: true },
};

// Why the app did not do what somebody wanted, beside the element.
export const Trouble = {
  props: { text: { type: String, required: true } },
  template: `<span class="e-trouble" role="alert"><template v-if="text"><span aria-hidden="true">⚠</span> {{ text }}</template></span>`,
};
