// What was touched and not yet acknowledged. Kept on the device first, then delivered one message after another,
// retried with growing pauses. Delivery is idempotent: the server answers the same content twice the same way.

import { kept } from "./dom.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
const TIMEOUT = 12000;
// Refusals that end by themselves or by the organiser's hand: asked again whenever the desk is refreshed.
const PASSING = new Set(["session_waiting", "session_closed", "after_deadline", "judge_absent", "locked"]);

export class Outbox extends EventTarget {
  constructor(judge, token) {
    super();
    this.prefix = `compete.outbox.${judge}.`;
    this.client = clientId();
    this.token = token;
    this.items = new Map(); // sheet key -> item
    this.failures = 0;
    this.trouble = null; // {message, mend} that stops all delivery until the page is opened anew
    this.sending = null;
    this.timer = 0;
    this.adopt();
    addEventListener("online", () => this.poke(0));
    addEventListener("pagehide", () => this.send());
    document.addEventListener("visibilitychange", () => this.poke(0));
  }

  /** What earlier pages of this judge left on the device, this tab's own and those of tabs that were closed. */
  adopt() {
    let keys = [];
    try {
      keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return;
    }
    for (const key of keys) {
      for (const item of JSON.parse(kept.get(key, "[]"))) if (!this.items.has(item.key)) this.items.set(item.key, item);
      kept.set(key, null);
    }
    this.keep();
  }

  keep() {
    kept.set(this.prefix + this.client, this.items.size ? JSON.stringify([...this.items.values()]) : null);
    this.dispatchEvent(new Event("change"));
  }

  /** Adds touched marks ({code: units|null}) or a comment to what waits for this sheet. */
  put(key, base, touched, wait = 350) {
    const item = this.items.get(key) ?? { key, part: base.part, entry: base.entry, revision: base.revision, rubric: base.rubric, marks: {} };
    Object.assign(item.marks, touched.marks ?? {});
    if (touched.comment !== undefined) item.comment = touched.comment;
    if (touched.submit) item.submit = true;
    if (item.refused && item.refused.code !== "conflict") item.refused = null;
    this.items.set(key, item);
    this.keep();
    this.poke(wait);
  }

  get(key) {
    return this.items.get(key);
  }

  drop(key) {
    this.items.delete(key);
    this.keep();
  }

  /** How many touches wait: marks, comments and submissions. */
  get waiting() {
    let count = 0;
    for (const item of this.items.values()) count += Object.keys(item.marks).length + (item.comment !== undefined) + Boolean(item.submit);
    return count;
  }

  get refused() {
    return [...this.items.values()].find((item) => item.refused);
  }

  /** In words, for the judge: delivered, waiting, or refused and why. */
  get state() {
    if (this.trouble) return { kind: "bad", text: `未能送达：${this.trouble.message}` };
    if (this.refused) return { kind: "bad", text: `未能送达：${this.refused.refused.message}` };
    if (this.items.size) return { kind: "wait", text: `待发送 ${this.waiting}` };
    return { kind: "good", text: "已送达" };
  }

  askAgain() {
    for (const item of this.items.values()) if (item.refused && PASSING.has(item.refused.code)) item.refused = null;
    this.poke(0);
  }

  poke(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending || this.trouble) return;
    const item = [...this.items.values()].find((one) => !one.refused);
    if (!item) return;
    this.sending = item.key;
    const sent = { marks: { ...item.marks }, comment: item.comment, submit: item.submit };
    try {
      await this.deliver(item, sent);
      this.failures = 0;
    } catch {
      this.failures += 1;
    }
    this.sending = null;
    this.keep();
    if ([...this.items.values()].some((one) => !one.refused)) {
      const pause = this.failures ? PAUSES[Math.min(this.failures, PAUSES.length) - 1] * (800 + Math.random() * 400) : 0;
      this.poke(pause);
    }
  }

  async deliver(item, sent) {
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), TIMEOUT);
    const body = { client: this.client, revision: item.revision, rubric: item.rubric, marks: sent.marks, comment: sent.comment };
    let answer;
    try {
      answer = await fetch(`/judge/api/sheets/${item.entry}${sent.submit ? "/submit" : ""}?part=${item.part}`, {
        method: "POST", keepalive: true, credentials: "same-origin", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token }, body: JSON.stringify(body),
      });
    } finally {
      clearTimeout(alarm);
    }
    if (answer.status >= 500 || answer.status === 429) throw new Error(`server ${answer.status}`);
    const said = await answer.json();
    if (answer.ok) return this.delivered(item, sent, said);
    const problem = { code: said.code ?? "refused", message: said.message ?? said.error, mend: said.mend ?? said.advice, held: said.held };
    if (answer.status === 401) this.trouble = problem;
    else item.refused = problem;
    this.dispatchEvent(new CustomEvent("refused", { detail: { item, problem } }));
  }

  delivered(item, sent, said) {
    for (const [code, units] of Object.entries(sent.marks)) if (item.marks[code] === units) delete item.marks[code];
    if (sent.comment !== undefined && item.comment === sent.comment) delete item.comment;
    if (sent.submit) delete item.submit;
    item.revision = said.revision;
    this.dispatchEvent(new CustomEvent("delivered", { detail: { key: item.key, sent, said } }));
    if (!Object.keys(item.marks).length && item.comment === undefined && !item.submit) this.items.delete(item.key);
  }
}

/** A name of this tab: it outlives a reload and tells two tabs of one tablet apart. crypto.randomUUID needs HTTPS. */
function clientId() {
  const fresh = Math.random().toString(36).slice(2, 6);
  try {
    const found = sessionStorage.getItem("compete.client") ?? fresh;
    sessionStorage.setItem("compete.client", found);
    return found;
  } catch {
    return fresh;
  }
}
