// What this tab knows, from the news that the server sends, and the acts that it sends back.
import { reactive, shallowReactive } from "vue";
import { History } from "./history.js";

const NOTICES_KEPT = 6;
const TRY_AGAIN_MS = 500;

export class Store {
  constructor(send) {
    this.send = send;
    this.calls = new Map();
    this.lastCall = 0;
    this.histories = shallowReactive(new Map());
    this.early = new Map();
    this.state = reactive({
      me: "",
      tz: "UTC",
      people: {},
      channels: {},
      usergroups: {},
      app: { name: "", user_id: "", command: "", shortcuts: [] },
      modals: [],
      home: null,
      notices: [],
    });
  }

  // News of the server, in order; changes of one channel are taken together.
  take(news) {
    const changes = new Map();
    for (const piece of news) {
      if (piece.kind === "directory") this.know(piece.directory);
      else if (piece.kind === "modals") this.state.modals = piece.modals;
      else if (piece.kind === "home") this.state.home = piece.home;
      else if (piece.kind === "notice") this.ring(piece.notice);
      else if (piece.kind === "answer") this.answered(piece);
      else if (piece.kind === "message") collect(changes, piece.message);
    }
    for (const [channel, messages] of changes) {
      if (this.early.has(channel)) this.early.get(channel).push(...messages);
      else this.histories.get(channel)?.take(messages);
    }
  }

  // Does something on the server; answers with what came of it.
  act(name, args = {}) {
    const call = ++this.lastCall;
    return new Promise((resolve) => {
      this.calls.set(call, resolve);
      this.send({ call, name, arguments: wellFormed(args) });
    });
  }

  // Fetches a channel once, however long the server is away. What changes on the way of the answer is taken after it.
  async open(channel) {
    if (this.histories.has(channel) || this.early.has(channel)) return;
    const early = [];
    this.early.set(channel, early);
    const isWanted = () => this.early.get(channel) === early; // not any more when somebody else sits down
    await this.act("open", { channel });
    const address = `/history/${channel}?person=${this.state.me}`;
    let answer = null;
    while (isWanted() && !answer) answer = await fetch(address).catch(later);
    if (!isWanted()) return;
    const messages = answer.ok ? await answer.json() : null;
    if (!isWanted()) return;
    this.early.delete(channel);
    if (!messages) return;
    const history = new History();
    history.take([...messages, ...early]);
    this.histories.set(channel, history);
  }

  // Everything that somebody else may not see is forgotten.
  async become(person) {
    this.histories.clear();
    this.early.clear();
    this.state.notices = [];
    await this.act("become", { person });
  }

  know(directory) {
    Object.assign(this.state, directory, { tz: directory.people[directory.me].tz });
  }

  ring(notice) {
    this.state.notices = [{ ...notice, at: new Date() }, ...this.state.notices].slice(0, NOTICES_KEPT);
  }

  answered({ call, answer }) {
    this.calls.get(call)?.(answer);
    this.calls.delete(call);
  }
}

// The same with whole characters only: JSON has no word for half of one, and the server would take nothing.
function wellFormed(args) {
  const whole = (_, value) => (typeof value === "string" ? value.toWellFormed() : value);
  return JSON.parse(JSON.stringify(args, whole));
}

// After a moment, in which the server may have come back.
function later() {
  return new Promise((resolve) => setTimeout(() => resolve(null), TRY_AGAIN_MS));
}

function collect(changes, message) {
  if (!changes.has(message.channel)) changes.set(message.channel, []);
  changes.get(message.channel).push(message);
}
