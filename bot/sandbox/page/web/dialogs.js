// The dialog that asks before something is done; esc and a click beside it mean no.
import { nextTick, ref, useId } from "vue";
import { Words } from "./words.js";

export const ConfirmDialog = {
  components: { Words },
  setup() {
    const dialog = ref(null);
    const asked = ref(null);
    const id = useId();
    let answer = null;

    // Resolves to whether somebody said yes.
    async function ask(confirm) {
      decide(false);
      asked.value = confirm;
      await nextTick();
      dialog.value.showModal();
      return new Promise((resolve) => (answer = resolve));
    }
    function decide(isYes) {
      dialog.value?.close();
      asked.value = null;
      answer?.(isYes);
      answer = null;
    }
    return { dialog, asked, id, ask, decide };
  },
  template: `
    <dialog v-if="asked" ref="dialog" class="m-dialog m-confirm" role="alertdialog" :aria-labelledby="id + '-title'"
      :aria-describedby="id + '-text'" @cancel.prevent="decide(false)" @keydown.esc.prevent.stop="decide(false)"
      @mousedown.self="decide(false)">
      <div class="m-inner">
        <header class="m-head"><h2 :id="id + '-title'"><words :text="asked.title" /></h2></header>
        <div :id="id + '-text'" class="m-body"><words :text="asked.text" /></div>
        <footer class="m-foot">
          <button type="button" class="e-button" :autofocus="asked.style === 'danger'" @click="decide(false)">
            <words :text="asked.deny" /></button>
          <button type="button" class="e-button" :class="asked.style === 'danger' ? 'e-full-danger' : 'e-full'"
            :autofocus="asked.style !== 'danger'" @click="decide(true)"><words :text="asked.confirm" /></button>
        </footer>
      </div>
    </dialog>`,
};
