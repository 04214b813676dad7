// Options that the app suggests while somebody types.
import { onBeforeUnmount, ref } from "vue";
import { grouped } from "./options.js";

const PAUSE_MS = 200; // after the last key, as Slack waits before it asks
const FEWEST_CHARACTERS = 3;

export function useSuggestions(props, suggest) {
  const groups = ref([]);
  const status = ref("");
  let timer = null;
  let asked = 0;

  function look(query) {
    clearTimeout(timer);
    asked += 1;
    groups.value = [];
    const fewest = props.element.min_query_length ?? FEWEST_CHARACTERS;
    if (query.length < fewest) {
      status.value = fewest === 1 ? "Type to search." : `Type at least ${fewest} characters.`;
      return;
    }
    status.value = "Loading…";
    timer = setTimeout(() => fetch(query), query ? PAUSE_MS : 0);
  }
  // An answer that comes after a newer question is passed over.
  async function fetch(query) {
    const mine = asked;
    const answer = await suggest(query);
    if (mine !== asked) return;
    groups.value = answer.refusal ? [] : grouped(answer);
    const isEmpty = !groups.value.some((group) => group.options.length);
    status.value = answer.refusal ?? (isEmpty ? "No results" : "");
  }
  onBeforeUnmount(() => clearTimeout(timer));
  return { groups, status, look };
}
