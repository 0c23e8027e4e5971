// What was touched and not yet acknowledged. Each touch is appended to the device's log first; then the log is delivered, per
// sheet in order, retried with growing pauses. Delivery is idempotent: the server answers the same content twice the same way.
// Tabs of one device share the log and deliver in turn. No clock of any device decides anything here.

import { leftBehind, openKeep } from "./keep.js";
import { Tabs } from "./tabs.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
const TIMEOUT = 12000;
const DEAD = 15000; // a tab whose turn stands still for longer has died in the middle of its delivery
// Refusals that end by themselves or by the organiser's hand: asked again whenever the desk is refreshed.
const PASSING = new Set(["session_waiting", "session_closed", "after_deadline", "judge_absent", "locked"]);
const NO_ROOM = "这台设备存不下新的打分";

export class Outbox extends EventTarget {
  static async open(judge, token) {
    const box = new Outbox(judge, token, await openKeep(judge));
    await box.load();
    await box.adopt();
    return box;
  }

  constructor(judge, token, keep) {
    super();
    Object.assign(this, { judge, token, keep });
    this.me = random() + random(); // a name of this page, also where a duplicated tab has the other's sessionStorage
    this.client = clientId();
    this.touches = []; // in the log's order; those without n are still on their way to the disk, loose ones found no room there
    this.sheets = new Map(); // sheet key -> {key, low, high, to, trying, refused}
    this.items = new Map(); // sheet key -> what waits for it, folded from the touches
    this.failures = 0;
    this.trouble = null; // {message, mend} that stops all delivery until the page is opened anew
    this.steps = 0;
    this.full = false; // the device refused to keep a touch
    this.sending = false;
    this.watched = null;
    this.timer = 0;
    this.tabs = new Tabs(judge, this.me);
    this.tabs.addEventListener("heard", ({ detail }) => this.hear(detail));
    this.tabs.addEventListener("tabs", () => this.said());
    addEventListener("online", () => this.poke(0));
    addEventListener("pageshow", (event) => event.persisted && this.load().then(() => this.poke(0)));
    document.addEventListener("visibilitychange", () => this.poke(0));
  }

  /** Everything this device keeps for the judge, whichever tab touched it. */
  async load() {
    let found;
    let seen;
    do {
      seen = this.steps; // what this page changes while it reads is read again
      found = await this.keep.load().catch(() => null);
    } while (found && seen !== this.steps);
    if (!found) return;
    const known = new Set(found.touches.map((touch) => touch.id));
    this.touches = [...found.touches, ...this.touches.filter((touch) => !touch.n && !known.has(touch.id))];
    this.sheets = new Map(found.sheets.map((sheet) => [sheet.key, sheet]));
    this.fold();
  }

  async adopt() {
    const left = leftBehind(this.judge, this.keep.name);
    for (const { key, part, entry, revision, rubric, marks, comment, submit } of left.touches) {
      await this.append({ key, part, entry, revision, rubric, marks, comment, submit });
    }
    if (!this.full) left.done();
  }

  said() {
    this.dispatchEvent(new Event("change"));
  }

  fold() {
    this.items = folded(this.touches, this.sheets);
    this.said();
  }

  /** Adds touched marks ({code: units|null}) or a comment to what waits for this sheet. */
  put(key, base, touched, wait = 350) {
    const { marks = {}, comment, submit } = touched;
    const known = this.sheets.get(key);
    if (known?.refused && known.refused.code !== "conflict") this.know({ ...known, refused: null });
    if (Object.keys(marks).length || comment !== undefined || submit) this.append({ key, ...base, marks, comment, submit }).then(() => this.poke(wait));
    else {
      this.fold();
      this.poke(wait);
    }
  }

  async append(touch) {
    const own = { ...touch, id: `${this.me}.${(this.steps += 1)}`, judge: this.judge };
    this.touches.push(own);
    this.fold();
    try {
      own.n = await this.keep.append({ ...own });
      this.full = false;
    } catch {
      // Only the page holds it now: it goes out all the same, and the words of delivery say so.
      this.full = own.loose = true;
    }
    this.steps += 1;
    this.tabs.say("log");
    this.said();
  }

  get(key) {
    return this.items.get(key);
  }

  /** What is known of a sheet, kept for the next opening of the page. */
  async know(sheet) {
    this.steps += 1;
    this.sheets.set(sheet.key, sheet);
    await this.keep.note(sheet).catch(() => {});
    this.steps += 1;
  }

  /** These touches are done with. */
  async settle(sheet, done) {
    this.steps += 1;
    this.sheets.set(sheet.key, sheet);
    this.touches = this.touches.filter((touch) => !done.includes(touch));
    this.fold();
    await this.keep.settle(sheet, Math.max(0, ...done.map((touch) => touch.n ?? 0))).catch(() => {});
    this.steps += 1;
  }

  /** Nothing of this outbox counts any more (a rehearsal that was cleared). */
  async forget() {
    clearTimeout(this.timer);
    Object.assign(this, { touches: [], sheets: new Map(), sending: true });
    this.items = new Map();
    await this.keep.forget().catch(() => {});
  }

  /** The judge chose the server's version. */
  async drop(key) {
    await this.settle({ ...this.sheets.get(key), key, refused: null }, this.touches.filter((touch) => touch.key === key));
    this.tabs.say("log");
  }

  /** The judge chose this device's version: it continues the revision that the server holds. */
  async keepMine(key, revision) {
    const item = this.items.get(key);
    await this.know(advanced({ ...this.sheets.get(key), key }, item.revision, revision));
    this.fold();
    this.poke(0);
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

  /** Whether the device itself holds what waits. */
  get kept() {
    return this.keep.safe && !this.full;
  }

  /** In words, for the judge: delivered, waiting, or refused and why. */
  get state() {
    if (this.trouble) return { kind: "bad", text: `未能送达：${this.trouble.message}` };
    if (this.refused) return { kind: "bad", text: `未能送达：${this.refused.refused.message}` };
    if (this.items.size && !this.kept) return { kind: "bad", text: `待发送 ${this.waiting}：${NO_ROOM}，请不要关闭页面` };
    if (this.touches.some((touch) => !atRest(touch))) return { kind: "wait", text: "正在存到本机" };
    if (this.items.size) return { kind: "wait", text: `待发送 ${this.waiting}` };
    return { kind: "good", text: "已送达" };
  }

  askAgain() {
    for (const item of this.items.values()) {
      if (item.refused && PASSING.has(item.refused.code)) this.know({ ...this.sheets.get(item.key), refused: null });
    }
    this.fold();
    this.poke(0);
  }

  poke(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending || this.trouble) return;
    if (!this.ready()) return;
    this.sending = true;
    let again = 0;
    try {
      if (await this.myTurn()) {
        await this.load(); // another tab may have delivered or touched meanwhile
        const item = this.ready();
        if (item) await this.deliver(item);
        this.failures = 0;
      } else again = 500;
    } catch {
      this.failures += 1;
      again = PAUSES[Math.min(this.failures, PAUSES.length) - 1] * (800 + Math.random() * 400);
    }
    await this.keep.leave(this.me).catch(() => {});
    this.sending = false;
    this.said();
    if (this.ready()) this.poke(again);
  }

  /** The first sheet with something on the disk that the server has not refused. */
  ready() {
    return [...this.items.values()].find((item) => !item.refused && this.touches.some((touch) => touch.key === item.key && atRest(touch)));
  }

  /** One tab delivers at a time. Whether the other still lives is seen from its beat, waited for by this page's own timer. */
  async myTurn() {
    const now = performance.now();
    const dead = this.watched && now - this.watched.since > DEAD ? this.watched : null;
    let turn;
    try {
      turn = await this.keep.turn(this.me, dead);
    } catch {
      return true; // a device that keeps nothing must still deliver
    }
    if (turn.holder === this.me) {
      this.watched = null;
      return true;
    }
    if (this.watched?.holder !== turn.holder || this.watched.beat !== turn.beat) this.watched = { ...turn, since: now };
    return false;
  }

  async deliver({ key }) {
    const done = await this.batch(key);
    const item = folded(done, this.sheets).get(key);
    const sent = { marks: { ...item.marks }, comment: item.comment, submit: item.submit };
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), TIMEOUT);
    const body = { client: this.client, revision: item.revision, rubric: item.rubric, marks: sent.marks, comment: sent.comment };
    let answer;
    let said;
    try {
      answer = await fetch(`/judge/api/sheets/${item.entry}${sent.submit ? "/submit" : ""}?part=${item.part}`, {
        method: "POST", keepalive: true, credentials: "same-origin", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token }, body: JSON.stringify(body),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(`server ${answer.status}`);
      said = await answer.json();
    } finally {
      clearTimeout(alarm);
    }
    const known = { ...this.sheets.get(key), key, trying: 0 };
    if (answer.ok) {
      const detail = { key, sent, said };
      const settled = this.settle(advanced(known, item.revision, said.revision), done);
      this.dispatchEvent(new CustomEvent("delivered", { detail }));
      await settled;
      return this.tabs.say("delivered", detail);
    }
    const problem = { code: said.code ?? "refused", message: said.message ?? said.error, mend: said.mend ?? said.advice, held: said.held };
    if (answer.status === 401) this.trouble = problem;
    else {
      await this.know({ ...known, refused: problem });
      this.fold();
      this.tabs.say("log");
    }
    this.dispatchEvent(new CustomEvent("refused", { detail: { item, problem } }));
  }

  /** The touches of a sheet that go out together. An attempt without an answer may have arrived: it is repeated as it was, for a
      changed message on the old revision would look like another device's. */
  async batch(key) {
    const touches = this.touches.filter((touch) => touch.key === key && atRest(touch));
    const known = this.sheets.get(key);
    const again = touches.filter((touch) => touch.n <= (known?.trying ?? 0));
    if (again.length) return again;
    await this.know({ ...known, key, trying: Math.max(0, ...touches.map((touch) => touch.n ?? 0)) });
    return touches;
  }

  /** What went out once without an answer and may have arrived: {marks, comment?, submit?}. */
  attempted(key) {
    const trying = this.sheets.get(key)?.trying ?? 0;
    const { marks, comment, submit } = folded(this.touches.filter((touch) => touch.key === key && touch.n <= trying), this.sheets).get(key) ?? {};
    return marks && { marks, comment, submit };
  }

  /** Another tab of this device touched or delivered. */
  async hear({ kind, detail }) {
    if (kind === "delivered") this.dispatchEvent(new CustomEvent("delivered", { detail }));
    await this.load();
    this.dispatchEvent(new Event("elsewhere"));
    this.poke(kind === "log" ? 5000 : 0); // who touched delivers; this tab only where that one has died
  }
}

/** What waits for each sheet: {key, part, entry, rubric, label, revision, marks, comment?, submit?, refused}. */
function folded(touches, sheets) {
  const items = new Map();
  for (const { key, part, entry, rubric, label, revision, marks, comment, submit } of touches) {
    const sheet = sheets.get(key);
    const item = items.get(key) ?? { key, part, entry, label, revision: continued(sheet, revision), marks: {}, refused: sheet?.refused ?? null };
    Object.assign(item.marks, marks);
    if (comment !== undefined) item.comment = comment;
    if (submit) item.submit = true;
    item.rubric = rubric;
    items.set(key, item);
  }
  return items;
}

const atRest = (touch) => Boolean(touch.n || touch.loose);

/** The revision that a touch made on `revision` goes out with: this device's own deliveries since then are not in its way. */
function continued(sheet, revision) {
  return sheet?.to !== undefined && sheet.low <= revision && revision <= sheet.high ? sheet.to : revision;
}

function advanced(sheet, from, to) {
  const follows = sheet.to === from;
  return { key: sheet.key, low: follows ? Math.min(sheet.low, from) : from, high: follows ? Math.max(sheet.high, from) : from, to, refused: null };
}

function random() {
  return Math.random().toString(36).slice(2, 6);
}

/** A name of this tab: it outlives a reload and tells two tabs of one tablet apart. crypto.randomUUID needs HTTPS. */
function clientId() {
  const fresh = random();
  try {
    const found = sessionStorage.getItem("compete.client") ?? fresh;
    sessionStorage.setItem("compete.client", found);
    return found;
  } catch {
    return fresh;
  }
}
