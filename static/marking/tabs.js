// Other tabs of the same judge on this device: what one delivers the others hear, and a second one is told that it is one.
// Browsers without BroadcastChannel are silent here; their tabs still share one log and deliver in turn.

const ANSWER = 1500;

export class Tabs extends EventTarget {
  constructor(judge, me) {
    super();
    this.me = me;
    this.elders = new Set();
    if (!("BroadcastChannel" in window)) return;
    this.channel = new BroadcastChannel(`compete.marks.${judge}`);
    this.channel.onmessage = ({ data }) => this.hear(data);
    addEventListener("pagehide", () => this.say("bye"));
    addEventListener("pageshow", (event) => event.persisted && this.say("hello"));
    this.say("hello");
    setInterval(() => this.ask(), 10 * ANSWER);
  }

  get second() {
    return this.elders.size > 0;
  }

  say(kind, detail) {
    this.channel?.postMessage({ kind, from: this.me, detail });
  }

  /** A tab that died says nothing: who does not answer is gone. */
  ask() {
    if (!this.second) return;
    const silent = (this.silent = new Set(this.elders));
    this.say("there?");
    setTimeout(() => {
      for (const tab of silent) this.elders.delete(tab);
      if (silent.size) this.dispatchEvent(new Event("tabs"));
    }, ANSWER);
  }

  /** Whether that tab answers within a moment; null where tabs cannot hear each other. */
  answers(tab) {
    if (!this.channel) return null;
    return new Promise((resolve) => {
      this.awaited = { tab, resolve };
      this.say("there?");
      setTimeout(resolve, ANSWER, false);
    });
  }

  hear({ kind, from, to, detail }) {
    if (kind === "hello") this.channel.postMessage({ kind: "here", from: this.me, to: from });
    else if (kind === "here" && to === this.me) this.elders.add(from);
    else if (kind === "there?") this.channel.postMessage({ kind: "still", from: this.me, to: from });
    else if (kind === "still" && to === this.me) {
      this.silent?.delete(from);
      if (this.awaited?.tab === from) this.awaited.resolve(true);
    }
    else if (kind === "bye") this.elders.delete(from);
    else this.dispatchEvent(new CustomEvent("heard", { detail: { kind, detail } }));
    if (kind === "here" || kind === "bye") this.dispatchEvent(new Event("tabs"));
  }
}
