// Every element that a person can use, by its type. (Pictures are drawn where they stand.)
import { h, inject } from "vue";
import { Button, FeedbackButtons, IconButton, WorkflowButton } from "./buttons.js";
import { CheckBoxes, RadioButtons } from "./checks.js";
import { FileInput } from "./files.js";
import { ELEMENT } from "./holding.js";
import { DatePicker, DateTimePicker, TimePicker } from "./moments.js";
import { Overflow } from "./overflow.js";
import { RichTextInput } from "./editor.js";
import { Select } from "./select.js";
import { TextInput } from "./typed.js";

const KINDS = {
  button: Button,
  icon_button: IconButton,
  feedback_buttons: FeedbackButtons,
  workflow_button: WorkflowButton,
  overflow: Overflow,
  static_select: Select,
  multi_static_select: Select,
  external_select: Select,
  multi_external_select: Select,
  users_select: Select,
  multi_users_select: Select,
  conversations_select: Select,
  multi_conversations_select: Select,
  channels_select: Select,
  multi_channels_select: Select,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  radio_buttons: RadioButtons,
  checkboxes: CheckBoxes,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: RichTextInput,
  file_input: FileInput,
};

export const Element = {
  props: ELEMENT,
  setup(props) {
    const viewer = inject("viewer");
    return () => {
      const { type, visible_to_user_ids: seers } = props.element;
      if (seers && !seers.includes(viewer.me)) return null;
      if (KINDS[type]) return h(KINDS[type], { key: `${type}/${props.element.action_id}`, ...props });
      return h("span", { class: "unknown", "data-unknown": type }, `unknown element: ${type}`);
    };
  },
};
