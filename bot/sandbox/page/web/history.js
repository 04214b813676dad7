// The messages of one channel, in the order of their timestamps, and which of them are whose replies.
import { shallowRef } from "vue";

export class History {
  constructor() {
    this.messages = shallowRef([]);
    this.byTs = new Map();
  }

  // Replaces what is known, inserts what is new, drops what was deleted.
  take(changes) {
    for (const message of changes) {
      if (message.deleted) this.byTs.delete(message.ts);
      else this.byTs.set(message.ts, message);
    }
    this.messages.value = [...this.byTs.values()].sort(byTime);
  }

  get(ts) {
    return this.byTs.get(ts);
  }

  // Messages that stand in the channel itself.
  shown() {
    return this.messages.value.filter((message) => message.in_channel && !isAnswerInThread(message));
  }

  // A thread's first message, if it is still there, and its replies.
  thread(ts) {
    return this.messages.value.filter((message) => message.ts === ts || message.thread_ts === ts);
  }

  // By the timestamp of a thread's first message: how many replies, who wrote them, and when the last one came.
  threads() {
    const threads = new Map();
    for (const { ts, thread_ts: first, user, ephemeral } of this.messages.value) {
      if (!first || first === ts || ephemeral) continue;
      const thread = threads.get(first) ?? { count: 0, users: new Set(), latest: ts };
      thread.count += 1;
      thread.users.add(user);
      thread.latest = ts;
      threads.set(first, thread);
    }
    return threads;
  }
}

export function repliesInWords(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

function isAnswerInThread(message) {
  return Boolean(message.ephemeral && message.thread_ts);
}

function byTime(one, other) {
  return one.ts < other.ts ? -1 : Number(one.ts > other.ts);
}
