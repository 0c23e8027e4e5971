// What was touched and not yet acknowledged. Each touch is appended to the device's log first (keep.js); then the log is
// delivered (courier.js). Tabs of one device share the log.

import { Courier } from "./courier.js";
import { advanced, atRest, counted, folded } from "./folding.js";
import { leftBehind, openKeep } from "./keep.js";
import { Tabs } from "./tabs.js";

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
    this.sheets = new Map(); // sheet key -> {key, low, high, to, trying, by, refused}
    this.items = new Map(); // sheet key -> what waits for it, folded from the touches
    this.trouble = null; // {message, mend} that stops all delivery until the page is opened anew
    this.steps = 0;
    this.full = false; // the device refused to keep a touch
    this.unread = false; // the log could not be read: nobody knows what waits in it
    this.courier = new Courier(this);
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
    this.unread = !found;
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

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
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
    if (known?.refused && !known.refused.held) this.know({ ...known, refused: null });
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
    this.courier.stop();
    Object.assign(this, { touches: [], sheets: new Map() });
    this.items = new Map();
    await this.keep.forget().catch(() => {});
  }

  /** The judge chose the server's version. */
  async drop(key) {
    await this.settle({ ...this.sheets.get(key), key, refused: null }, this.touches.filter((touch) => touch.key === key));
    this.tabs.say("log");
  }

  /** The server is behind what this device knows of the sheet: revisions are counted from what it has. */
  restart(key) {
    return this.know({ key, trying: 0, refused: null });
  }

  /** The judge chose this device's version: it continues the revision that the server holds. */
  async keepMine(key, revision) {
    const item = this.items.get(key);
    const noted = this.know(advanced({ ...this.sheets.get(key), key }, item.revision, revision));
    this.fold(); // at once: the view that is drawn next must not ask a second time
    await noted;
    this.poke(0);
  }

  /** How many things wait: marks, comments and sheets handed in. */
  get waiting() {
    return counted(this.items.values());
  }

  /** Sheets that the server refused and that need somebody: not those that only wait for their time. */
  get refused() {
    return [...this.items.values()].filter((item) => item.refused && item.refused.fate !== "wait");
  }

  /** A sheet that waits for its time, as before the session opens. */
  get held() {
    return [...this.items.values()].find((item) => item.refused?.fate === "wait");
  }

  /** Whether the device itself holds what waits. */
  get kept() {
    return this.keep.safe && !this.full;
  }

  /** Whether touches are still on their way to the disk. */
  get storing() {
    return this.touches.some((touch) => !atRest(touch));
  }

  askAgain() {
    for (const item of this.items.values()) {
      if (item.refused?.fate === "wait") this.know({ ...this.sheets.get(item.key), refused: null });
    }
    this.fold();
    this.poke(0);
  }

  poke(wait) {
    this.courier.poke(wait);
  }

  /** Whether this is the judge whose page this is (of a rehearsal, the name ends with the judge). */
  ownPage(judge) {
    return String(this.judge).split(".").at(-1) === String(judge);
  }

  /** What the server held after this device's last delivery, where that is newer than what the page knows. */
  remembered(key, revision) {
    const held = this.sheets.get(key)?.held;
    return held?.revision > revision ? held : null;
  }

  /** What went out once without an answer and may have arrived: {marks, comment?, submit?}. */
  attempted(key) {
    const trying = this.sheets.get(key)?.trying ?? 0;
    const { marks, comment, submit } = folded(this.touches.filter((touch) => touch.key === key && touch.n <= trying), this.sheets).get(key) ?? {};
    return marks && { marks, comment, submit };
  }

  /** Another tab of this device touched or delivered. */
  async hear({ kind, detail }) {
    if (kind === "delivered" || kind === "late") this.tell(kind, detail);
    await this.load();
    this.dispatchEvent(new Event("elsewhere"));
    this.poke(kind === "log" ? 5000 : 0); // who touched delivers; this tab only where that one has died
  }
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
