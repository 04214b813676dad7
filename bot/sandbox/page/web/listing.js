// The options of a menu that is open: which there are, and at which one somebody stands.
import { computed, nextTick, ref } from "vue";
import { isExternal, matching, offered } from "./options.js";
import { useSuggestions } from "./suggestions.js";

// `id` begins the ids of the options on the page.
export function useListing(props, use, id) {
  const external = isExternal(props.element.type);
  const suggestions = useSuggestions(props, use.suggest);
  const query = ref("");
  const at = ref(-1);

  const groups = computed(() =>
    external ? suggestions.groups.value : matching(offered(props.element, use.viewer), query.value),
  );
  const flat = computed(() => groups.value.flatMap((group) => group.options));
  const status = computed(() => {
    if (external) return suggestions.status.value;
    return flat.value.length ? "" : "No results";
  });
  // The groups with each option's place among all of them.
  const numbered = computed(() => {
    let number = 0;
    return groups.value.map(({ label, options }) => ({
      label,
      options: options.map((option) => ({ option, number: number++ })),
    }));
  });

  function search(words) {
    query.value = words;
    at.value = 0;
    if (external) suggestions.look(words);
  }
  // What an app suggested for some words stays with them; other lists are whole again.
  function forget() {
    if (!external) query.value = "";
  }
  async function stand(place) {
    at.value = Math.max(0, place);
    await nextTick();
    document.getElementById(id + at.value)?.scrollIntoView({ block: "nearest" });
  }
  const step = (by) => stand((at.value + by + flat.value.length) % Math.max(1, flat.value.length));
  return { query, at, flat, status, numbered, search, forget, stand, step };
}
