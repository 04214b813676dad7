// A small editor that gives a rich_text value: styles, lists, quotes, code and links.
import { computed, nextTick, onMounted, reactive, ref } from "vue";
import { ELEMENT, Trouble, named, useElement } from "./holding.js";
import { readRichText, writeRichText } from "./editor_value.js";
import { withMentions } from "./mentions.js";
import { plain } from "./words.js";

const TOOLS = [
  { name: "Bold", sign: "B", command: "bold", key: "b" },
  { name: "Italic", sign: "I", command: "italic", key: "i" },
  { name: "Strikethrough", sign: "S", command: "strikeThrough" },
  { name: "Code", sign: "<>", tag: "code" },
  { name: "Link", sign: "🔗", asks: true },
  { name: "Bulleted list", sign: "•", command: "insertUnorderedList" },
  { name: "Numbered list", sign: "1.", command: "insertOrderedList" },
  { name: "Quote", sign: "❝", block: "blockquote" },
  { name: "Code block", sign: "{ }", block: "pre" },
];

export const RichTextInput = {
  components: { Trouble },
  props: ELEMENT,
  setup(props) {
    const use = useElement(props);
    const editor = ref(null);
    const linkBox = ref(null);
    const isEmpty = ref(true);
    const url = ref(null); // what is typed as a link's address; null while none is asked for
    const pressed = reactive({});
    let kept = null;

    onMounted(() => {
      document.execCommand("defaultParagraphSeparator", false, "div");
      writeRichText(editor.value, use.value.value || null, nameOf);
      isEmpty.value = !readRichText(editor.value);
    });
    function nameOf(leaf) {
      if (leaf.type === "user") return `@${use.viewer.people[leaf.user_id]?.name ?? leaf.user_id}`;
      if (leaf.type === "channel") return `#${use.viewer.channels[leaf.channel_id]?.name ?? leaf.channel_id}`;
      return leaf.unicode ? leaf.sign : `:${leaf.name ?? leaf.type}:`;
    }
    function typed() {
      const value = readRichText(editor.value);
      isEmpty.value = !value && !editor.value.querySelector("ul, ol, blockquote, pre");
      use.hold(withMentions(value, use.viewer));
    }
    function apply(tool) {
      editor.value.focus();
      if (tool.asks) return askForLink();
      if (tool.tag) wrap(tool.tag);
      else if (tool.block) document.execCommand("formatBlock", false, pressed[tool.name] ? "div" : tool.block);
      else document.execCommand(tool.command);
      typed();
      return look();
    }
    // Code is no command of editors: the words are put into an element of their own, or taken out of it.
    function wrap(tag) {
      const range = getSelection().getRangeAt(0);
      const around = range.commonAncestorContainer.parentElement.closest(tag);
      if (around && editor.value.contains(around)) return around.replaceWith(...around.childNodes);
      if (range.collapsed) return undefined;
      const made = document.createElement(tag);
      made.append(range.extractContents());
      range.insertNode(made);
      return getSelection().selectAllChildren(made);
    }
    async function askForLink() {
      kept = getSelection().rangeCount ? getSelection().getRangeAt(0).cloneRange() : null;
      url.value = "https://";
      await nextTick();
      linkBox.value.focus();
    }
    function link(isWanted) {
      const address = url.value;
      url.value = null;
      editor.value.focus();
      if (kept) {
        getSelection().removeAllRanges();
        getSelection().addRange(kept);
      }
      if (!isWanted || !URL.canParse(address)) return;
      if (getSelection().isCollapsed) insertLink(address);
      else document.execCommand("createLink", false, address);
      typed();
    }
    function insertLink(address) {
      const made = document.createElement("a");
      made.href = address;
      made.textContent = address;
      getSelection().getRangeAt(0).insertNode(made);
      getSelection().collapse(made.nextSibling ?? made.parentNode, made.nextSibling ? 0 : made.parentNode.childNodes.length);
    }
    function paste(event) {
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    }
    function look() {
      const inside = getSelection().anchorNode?.parentElement;
      for (const tool of TOOLS) {
        if (tool.command) pressed[tool.name] = document.queryCommandState(tool.command);
        else pressed[tool.name] = Boolean(inside?.closest(tool.tag ?? tool.block ?? "a"));
      }
    }
    const hint = computed(() => plain(props.element.placeholder));
    return {
      TOOLS, editor, linkBox, isEmpty, url, pressed, hint, trouble: use.trouble, typed, apply, link, paste, look,
      names: computed(() => named(use.field, hint.value || "Formatted text")),
    };
  },
  template: `
    <span class="e-element e-wide">
      <span class="e-editor">
        <span class="e-tools" role="toolbar" aria-label="Formatting">
          <button v-for="tool in TOOLS" :key="tool.name" type="button" :title="tool.name" :aria-label="tool.name"
            :aria-pressed="Boolean(pressed[tool.name])" @mousedown.prevent @click="apply(tool)">
            <span aria-hidden="true">{{ tool.sign }}</span></button></span>
        <span v-if="url !== null" class="e-link">
          <input ref="linkBox" v-model="url" class="e-input" type="url" aria-label="Address of the link"
            @keydown.enter.prevent.stop="link(true)" @keydown.esc.prevent.stop="link(false)">
          <button type="button" class="e-button" @click="link(true)">Add link</button></span>
        <div ref="editor" class="e-rich" :class="{ 'e-empty': isEmpty }" contenteditable="true" role="textbox"
          aria-multiline="true" v-bind="names" :data-hint="hint" @input="typed" @keyup="look" @mouseup="look"
          @paste.prevent="paste"></div>
      </span>
      <trouble :text="trouble" />
    </span>`,
};
