// The desk: what the server sent, overlaid with what waits in the outbox. Views read here and touch here, nowhere else.

import { named } from "./dom.js";
import { total } from "./numbers.js";
import { Outbox } from "./outbox.js";
import { delivery } from "./states.js";

export const WORDS = {
  none: "未评", draft: "草稿", submitted: "已提交", locked: "已锁定", returned: "已退回", recused: "回避", absent: "缺席", ruled: "不评分",
};
const OUT = new Set(["recused", "ruled", "absent"]);
const REFRESH = 15000;
const ON_STAGE = 5000; // while the host calls entries up, the judge sees soon which one

export class Store extends EventTarget {
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
    super();
    this.doc = document_;
    this.outbox = outbox;
    this.deliveries = 0;
    this.catchUp();
    this.outbox.addEventListener("delivered", (event) => this.settle(event.detail));
    this.outbox.addEventListener("change", () => this.dispatchEvent(new Event("delivery")));
    this.outbox.addEventListener("refused", () => this.changed());
    this.outbox.addEventListener("elsewhere", () => this.changed());
    this.outbox.addEventListener("late", (event) => this.cameLate(event.detail));
    this.holds = true; // whether this tablet holds the judge's seat
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
    const pause = this.doc.sessions.some((session) => session.stage?.entry) ? ON_STAGE : REFRESH;
    setTimeout(async () => {
      if (document.visibilityState === "visible") await this.refresh();
      this.rhythm();
    }, pause);
  }

  /** The words of delivery. */
  get delivery() {
    return delivery(this.outbox, this.late);
  }

  /** How many sheets wait for the chief judge's decision. */
  get late() {
    return this.doc.sessions.flatMap((session) => session.entries).filter(waitsForChief).length;
  }

  /** The desk as it is now, for an opening of the page without the server. */
  keepDesk() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.outbox.keep.keepDesk(this.doc).catch(() => {}), 200);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  session(id) {
    return this.doc.sessions.find((session) => session.id === Number(id));
  }

  entry(session, id) {
    return session?.entries.find((entry) => entry.id === Number(id));
  }

  key(session, entry) {
    return `${session.partId}.${entry.id}`;
  }

  /** The sheet as the judge sees it: marks, comment, state with what is still on its way. */
  sheet(session, entry) {
    const item = this.outbox.get(this.key(session, entry));
    const marks = { ...entry.marks, ...(item?.marks ?? {}) };
    for (const code of Object.keys(marks)) if (marks[code] === null) delete marks[code];
    const begun = Object.keys(marks).length > 0;
    let state = entry.state;
    if (state === "none" && begun) state = "draft";
    const submitting = Boolean(item?.submit) && !item.refused;
    return {
      marks, state, submitting, item, comment: item?.comment ?? entry.comment,
      total: total(session, marks), editable: this.editable(session, entry) && !submitting,
    };
  }

  editable(session, entry) {
    if (!this.holds || OUT.has(entry.state) || session.locked || session.absent !== null) return false;
    if (entry.state === "returned") return true;
    return (entry.state === "none" || entry.state === "draft") && session.state === "open" && !session.over && !this.notCalled(session, entry);
  }

  /** The entry on stage, or undefined. */
  onStage(session) {
    return this.entry(session, session.stage?.entry);
  }

  /** Judges are held to what is on stage, and this entry was not there yet. */
  notCalled(session, entry) {
    const { stage } = session;
    return Boolean(stage?.only) && stage.entry !== entry.id && !stage.called?.includes(entry.id);
  }

  /** Why this entry takes no marks now, in words; "" while it does. */
  shut(session, entry) {
    if (entry.note) return entry.note;
    if (!this.holds) return "这个席位已在另一台平板上继续";
    return this.closed(session) || (this.notCalled(session, entry) ? "请等主持人叫到这一项" : "");
  }

  /** Why the session takes no marks, in words; "" while it does. */
  closed(session) {
    if (session.locked) return "总评委已锁定本环节";
    if (session.absent !== null) return "您在本场已记为缺席，请联系会务人员";
    if (session.state === "waiting") return "本场还没有开始，请等组织者宣布";
    if (session.state === "closed") return "本场评分已经结束";
    if (session.over) return `已过截止时间 ${session.deadline}`;
    return "";
  }

  /** Entries that this judge has to mark. */
  due(session) {
    return session.entries.filter((entry) => !OUT.has(entry.state));
  }

  done(session) {
    return this.due(session).filter((entry) => ["submitted", "locked"].includes(entry.state) || this.sheet(session, entry).submitting);
  }

  /** The next entry to mark after this one, round the corner. */
  next(session, after) {
    const done = new Set(this.done(session));
    const order = session.entries;
    const start = after ? order.indexOf(after) + 1 : 0;
    const left = [...order.slice(start), ...order.slice(0, start)].filter((entry) => entry !== after && !OUT.has(entry.state) && !done.has(entry));
    return left.find((entry) => this.editable(session, entry)) ?? left[0];
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

  /** [session, entry] behind the key of a sheet: the same part may be judged in two sessions. */
  behind(key) {
    return this.doc.sessions.flatMap((session) => session.entries.filter((entry) => this.key(session, entry) === key).map((entry) => [session, entry]));
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
    const reload = fresh.sessions.some((session) => this.session(session.id)?.rubric !== session.rubric);
    fresh.sessions = fresh.sessions.map((session) => {
      const own = this.session(session.id) ?? { entries: [] };
      session.entries = session.entries.map((entry) => this.mergeEntry(this.entry(own, entry.id), entry, this.key(session, entry), latest));
      return Object.assign(own, session);
    });
    Object.assign(this.doc, fresh);
    if (reload) this.dispatchEvent(new Event("reload"));
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

/** Whether marks of this sheet wait for the chief judge. */
export const waitsForChief = (entry) => (entry.late ?? []).some((late) => late.state === "waiting");
