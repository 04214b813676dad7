// A coloured square with an initial: nothing is fetched.
import { computed, inject } from "vue";

const HUES = [210, 265, 320, 15, 95, 160, 190];

export const Avatar = {
  props: { user: { type: String, required: true } },
  setup(props) {
    const viewer = inject("viewer");
    const isApp = computed(() => props.user === viewer.app.user_id);
    const name = computed(() => nameOf(viewer, props.user));
    const hue = computed(() => HUES[[...props.user].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % HUES.length]);
    return { isApp, hue, initial: computed(() => name.value.slice(0, 1).toUpperCase()) };
  },
  template: `
    <span class="c-avatar" :class="{ 'c-avatar-app': isApp }" :style="{ '--hue': hue }" aria-hidden="true">{{
      isApp ? "⇄" : initial }}</span>`,
};

// Somebody's name; `label` is what others call whoever is not known here.
export function nameOf(viewer, user, label = user) {
  if (user === viewer.app.user_id) return viewer.app.name;
  if (user === "USLACKBOT") return "Slackbot";
  return viewer.people[user]?.name ?? label;
}
