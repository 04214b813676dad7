// Files for a form: each goes to the server at once, and the form carries their ids.
import { computed, inject, ref } from "vue";
import { ELEMENT, named, useElement } from "./holding.js";

const MOST = 10;
const names = new Map(); // file names, by the id that the server gave

export const FileInput = {
  props: ELEMENT,
  setup(props) {
    const viewer = inject("viewer");
    const { field, value, hold } = useElement(props);
    const opener = ref(null);
    const sending = ref("");
    const problem = ref("");
    const most = computed(() => props.element.max_files ?? MOST);
    const files = computed(() => value.value.map((id) => ({ id, name: names.get(id) })));
    const types = computed(() => props.element.filetypes?.map((type) => `.${type}`).join(",") ?? null);

    async function add(event) {
      problem.value = "";
      for (const file of event.target.files) {
        if (value.value.length >= most.value) problem.value = `No more than ${most.value} can be added.`;
        else if (!isWanted(file)) problem.value = `${file.name} is none of ${types.value}.`;
        else await send(file);
      }
      event.target.value = "";
    }
    function isWanted(file) {
      return !types.value || types.value.split(",").some((type) => file.name.toLowerCase().endsWith(type));
    }
    async function send(file) {
      sending.value = file.name;
      const where = new URLSearchParams({ person: viewer.me, name: file.name });
      const type = file.type || "application/octet-stream";
      const answer = await fetch(`/files?${where}`, { method: "POST", body: file, headers: { "Content-Type": type } });
      sending.value = "";
      const said = await answer.json();
      if (!answer.ok) {
        problem.value = said.detail;
        return;
      }
      names.set(said.id, file.name);
      hold([...value.value, said.id]);
    }
    function drop(id) {
      hold(value.value.filter((each) => each !== id));
      opener.value.focus();
    }
    return { opener, sending, problem, files, types, most, add, drop, names: computed(() => named(field, "Add files")) };
  },
  template: `
    <span class="e-element e-wide">
      <span v-for="file in files" :key="file.id" class="e-file"><span aria-hidden="true">📄</span> {{ file.name }}
        <button type="button" class="e-clear" :aria-label="'Remove ' + file.name" @click="drop(file.id)">
          <span aria-hidden="true">✕</span></button></span>
      <input v-show="files.length < most" ref="opener" class="e-input e-files" type="file" :multiple="most > 1"
        :accept="types" v-bind="names" @change="add">
      <small class="e-left" role="status">{{ sending && "Adding " + sending + "…" }}</small>
      <span class="e-trouble" role="alert">{{ problem }}</span>
    </span>`,
};
