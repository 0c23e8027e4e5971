// The desk as views read it: what the server sent, overlaid with what waits in the outbox.

import { total } from "./numbers.js";

export const WORDS = {
  none: "未评", draft: "草稿", submitted: "已提交", locked: "已锁定", returned: "已退回", recused: "回避", absent: "缺席", ruled: "不评分",
};
export const OUT = new Set(["recused", "ruled", "absent"]);

/** Whether marks of this sheet wait for the chief judge. */
export const waitsForChief = (entry) => (entry.late ?? []).some((late) => late.state === "waiting");

export class Desk extends EventTarget {
  constructor(document_, outbox) {
    super();
    this.doc = document_;
    this.outbox = outbox;
    this.holds = true; // whether this tablet holds the judge's seat
  }

  /** How many sheets wait for the chief judge's decision. */
  get late() {
    return this.doc.sessions.flatMap((session) => session.entries).filter(waitsForChief).length;
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

  /** [session, entry] behind the key of a sheet: the same part may be judged in two sessions. */
  behind(key) {
    return this.doc.sessions.flatMap((session) => session.entries.filter((entry) => this.key(session, entry) === key).map((entry) => [session, entry]));
  }
}
