// The desk kept up to date: touches go to the outbox, what the server says is taken over. Views read and touch here, nowhere else.

import { Desk, OUT } from "./desk.js";
import { named } from "./dom.js";
import { Outbox } from "./outbox.js";
import { delivery } from "./states.js";

const REFRESH = 15000;
const SOON = 5000; // while the host calls entries up, or a session waits to be opened, the judge sees soon what comes

export class Store extends Desk {
  /** `fresh`: the page comes from the server; else what the device kept since is newer. */
  static async open(document_, token, fresh) {
    // Marks of a rehearsal are kept under a name of their own: they can never go out as real ones.
    const { key } = document_.rehearsal;
    const outbox = await Outbox.open(key ? `${key}.${document_.judge.id}` : document_.judge.id, token);
    const held = fresh ? null : await outbox.keep.desk().catch(() => null);
    // The form is the page's own: a desk with another rubric does not fit it.
    const fits = held?.sessions.every((session) => document_.sessions.find((own) => own.id === session.id)?.rubric === session.rubric);
    return new Store(fits ? held : document_, outbox);
  }

  constructor(document_, outbox) {
    super(document_, outbox);
    this.deliveries = 0;
    this.catchUp();
    this.outbox.addEventListener("delivered", (event) => this.settle(event.detail));
    this.outbox.addEventListener("change", () => this.dispatchEvent(new Event("delivery")));
    this.outbox.addEventListener("refused", () => this.changed());
    this.outbox.addEventListener("elsewhere", () => this.changed());
    this.outbox.addEventListener("late", (event) => this.cameLate(event.detail));
    this.rhythm();
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.refresh());
    this.outbox.poke(0);
    this.keepDesk();
    this.refresh();
  }

  /** The server made this page before the last deliveries of the page before it, or the device kept the desk before them. */
  catchUp() {
    for (const session of this.doc.sessions) {
      for (const entry of session.entries) Object.assign(entry, this.outbox.remembered(this.key(session, entry), entry.revision));
    }
  }

  rhythm() {
    const pause = this.doc.sessions.some((session) => session.stage?.entry || session.state === "waiting") ? SOON : REFRESH;
    setTimeout(async () => {
      if (document.visibilityState === "visible") await this.refresh();
      this.rhythm();
    }, pause);
  }

  /** The words of delivery. */
  get delivery() {
    return delivery(this.outbox, this.late);
  }

  /** The desk as it is now, for an opening of the page without the server. */
  keepDesk() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.outbox.keep.keepDesk(this.doc).catch(() => {}), 200);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  touch(session, entry, touched, wait) {
    const base = { part: session.partId, entry: entry.id, revision: entry.revision, rubric: session.rubric, label: named(entry) };
    this.outbox.put(this.key(session, entry), base, touched, wait);
  }

  submit(session, entry) {
    const { marks, comment } = this.sheet(session, entry);
    this.touch(session, entry, { marks, comment, submit: true }, 0);
    this.changed();
  }

  /** What was sent came too late; `late` is null where the server held the same already. */
  cameLate({ key, late }) {
    for (const [, entry] of this.behind(key)) if (late) entry.late = [late, ...(entry.late ?? []).filter((one) => one.id !== late.id)];
    this.keepDesk();
    this.dispatchEvent(new Event("turned"));
    this.refresh();
  }

  settle(detail) {
    const { key, sent, said } = detail;
    this.deliveries += 1;
    if (!this.behind(key).length) this.refresh(); // kept under a number that the desk no longer calls the entry by
    this.keepDesk();
    for (const [, entry] of this.behind(key)) {
      for (const [code, units] of Object.entries(sent.marks)) {
        if (units === null) delete entry.marks[code];
        else entry.marks[code] = units;
      }
      if (sent.comment !== undefined) entry.comment = sent.comment;
      const moved = entry.state !== said.state;
      Object.assign(entry, { revision: said.revision, state: said.state });
      detail.held = { revision: entry.revision, state: entry.state, marks: { ...entry.marks }, comment: entry.comment };
      // A changed state changes what the page offers; a delivered draft only changes the words of delivery.
      if (moved && said.state !== "draft") queueMicrotask(() => this.changed());
    }
  }

  /** The judge chose between two versions of a sheet. */
  resolve(session, entry, keepMine) {
    const key = this.key(session, entry);
    const item = this.outbox.get(key);
    const held = item.refused.held;
    if (held) Object.assign(entry, held);
    if (keepMine && held) {
      this.outbox.keepMine(key, held.revision);
    } else this.outbox.drop(key);
    this.changed();
  }

  /** Asks the server for the desk; the browser sends the ETag, so an unchanged desk costs a few bytes. */
  async refresh() {
    let fresh;
    const { deliveries } = this;
    try {
      const answer = await fetch("/judge/api/desk", { cache: "no-cache", credentials: "same-origin" });
      if (answer.status === 401) this.outbox.trouble = await answer.json();
      if (!answer.ok) return this.dispatchEvent(new Event("delivery"));
      fresh = await answer.json();
    } catch {
      return; // no network: the tablet goes on with what it has
    }
    if (fresh.judge.id !== this.doc.judge.id) {
      this.outbox.trouble = { message: "这台设备后来换了人登录", mend: "请重新扫描您的评委卡并输入密码；未送达的分数仍保留在这台设备上" };
      return this.dispatchEvent(new Event("delivery"));
    }
    const before = JSON.stringify(this.doc);
    if (fresh.rehearsal.waits) this.dispatchEvent(new Event("rehearsal"));
    this.merge(fresh, deliveries === this.deliveries);
    this.outbox.askAgain();
    if (JSON.stringify(this.doc) === before) return;
    this.keepDesk();
    this.changed();
  }

  /** Takes over the server's desk, except for sheets with something on its way: those are settled by their delivery.
      Sessions and entries stay the same objects: an open view holds on to them. `latest`: nothing was delivered since it was asked for. */
  merge(fresh, latest) {
    // The form is the page's own: a desk with another rubric waits for the page that fits it.
    if (fresh.sessions.some((session) => this.session(session.id)?.rubric !== session.rubric)) return this.dispatchEvent(new Event("reload"));
    fresh.sessions = fresh.sessions.map((session) => {
      const own = this.session(session.id) ?? { entries: [] };
      session.entries = session.entries.map((entry) => this.mergeEntry(this.entry(own, entry.id), entry, this.key(session, entry), latest));
      return Object.assign(own, session);
    });
    Object.assign(this.doc, fresh);
  }

  mergeEntry(own, entry, key, latest) {
    if (!own) return entry;
    const waits = this.outbox.get(key);
    // An answer that was on its way while a newer mark was acknowledged is older than what we have.
    if (waits || (!latest && entry.revision < own.revision)) {
      const { marks, comment, revision, state } = own;
      return Object.assign(own, entry, { marks, comment, revision, state: OUT.has(entry.state) ? entry.state : state });
    }
    if (entry.revision < own.revision) this.outbox.restart(key); // an earlier hour of the server was restored
    return Object.assign(own, entry);
  }
}
