// What is chosen in a menu: one option or many, how they are called, and how they change.
import { computed } from "vue";
import { begun, isMany, offered } from "./options.js";

// `use` is the element's.
export function useChosen(props, use) {
  const { viewer, value } = use;
  const many = isMany(props.element.type);
  const suggested = new Map(); // what was chosen of the app's suggestions, which the element does not list

  const chosen = computed(() => (many ? value.value : [value.value].filter((each) => each !== null && each !== "")));
  const chips = computed(() => chosen.value.map((each) => ({ value: each, label: labelOf(each) })));
  const isFull = computed(() => many && chosen.value.length >= (props.element.max_selected_items ?? Infinity));
  const canClear = computed(() => chosen.value.length > 0 && !use.dispatches.value);
  const isChosen = (option) => chosen.value.includes(option.value);
  const without = (dropped) => chosen.value.filter((each) => each !== dropped);

  function labelOf(wanted) {
    const listed = offered(props.element, viewer).flatMap((group) => group.options);
    const option = [...begun(props.element), ...listed].find((each) => each.value === wanted);
    return (suggested.get(wanted) ?? option)?.label ?? wanted;
  }
  function choose(option) {
    suggested.set(option.value, option);
    if (!isChosen(option)) use.choose(option.value);
  }
  function toggle(option) {
    suggested.set(option.value, option);
    if (isChosen(option)) use.hold(without(option.value));
    else if (!isFull.value) use.hold([...chosen.value, option.value]);
  }
  // While the menu is open the app is not told yet.
  function drop(dropped, isOpen) {
    if (isOpen || !use.dispatches.value) use.hold(without(dropped));
    else use.choose(without(dropped));
  }
  const clear = () => use.hold(many ? [] : null);
  return { many, chips, isFull, canClear, isChosen, choose, toggle, drop, clear };
}
