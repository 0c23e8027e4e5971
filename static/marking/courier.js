// Carries what waits to the server, per sheet in order, one tab at a time, retried with growing pauses. Delivery is idempotent:
// an attempt without an answer is repeated as it was. No clock of any device decides anything here.

import { advanced, atRest, folded } from "./folding.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds
const TIMEOUT = 12000;
const SILENT = 1000; // a tab whose turn stands still for longer is asked whether it lives
const DEAD = 15000; // where tabs cannot ask each other: for longer, and it has died in the middle of its delivery

export class Courier {
  constructor(box) {
    this.box = box;
    this.failures = 0;
    this.failing = ""; // why the last attempt got no answer, in words
    this.sending = false;
    this.watched = null;
    this.timer = 0;
  }

  poke(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  /** For good: the page is about to go. */
  stop() {
    clearTimeout(this.timer);
    this.sending = true;
  }

  async send() {
    const { box } = this;
    clearTimeout(this.timer);
    if (this.sending || box.trouble) return;
    if (!this.ready()) return;
    this.sending = true;
    let again = 0;
    try {
      if (await this.myTurn()) {
        await box.load(); // another tab may have delivered or touched meanwhile
        const item = this.ready();
        if (item) await this.deliver(item);
        this.failures = 0;
        this.failing = "";
      } else again = 500;
    } catch (error) {
      this.failures += 1;
      this.failing = error instanceof Unwell ? error.message : "连不上服务器";
      again = PAUSES[Math.min(this.failures, PAUSES.length) - 1] * (800 + Math.random() * 400);
    }
    await box.keep.leave(box.me).catch(() => {});
    this.sending = false;
    box.said();
    if (this.ready()) this.poke(again);
  }

  /** The first sheet with something on the disk that the server has not refused. */
  ready() {
    const { items, touches } = this.box;
    return [...items.values()].find((item) => !item.refused && touches.some((touch) => touch.key === item.key && atRest(touch)));
  }

  /** One tab delivers at a time. Whether the other still lives is seen from its beat, waited for by this page's own timer. */
  async myTurn() {
    const now = performance.now();
    const dead = this.watched && now - this.watched.since > DEAD ? this.watched : null;
    let turn;
    try {
      turn = await this.box.keep.turn(this.box.me, dead);
    } catch {
      return true; // a device that keeps nothing must still deliver
    }
    if (turn.holder === this.box.me) {
      this.watched = null;
      return true;
    }
    if (this.watched?.holder !== turn.holder || this.watched.beat !== turn.beat) this.watched = { ...turn, since: now };
    else if (now - this.watched.since > SILENT && (await this.box.tabs.answers(turn.holder)) === false) this.watched.since = -Infinity;
    return false;
  }

  async deliver({ key }) {
    const { box } = this;
    const done = await this.batch(key);
    const item = folded(done, box.sheets).get(key);
    const sent = { marks: { ...item.marks }, comment: item.comment, submit: item.submit };
    const { status, said } = await this.post(item, sent);
    const known = { ...box.sheets.get(key), key, trying: 0 };
    if (status < 300) {
      const detail = { key, sent, said };
      box.tell("delivered", detail); // whoever knows the whole sheet adds it as `held`
      const { held, ...told } = detail;
      await box.settle({ ...advanced(known, item.revision, said.revision), held }, done);
      return box.tabs.say("delivered", told);
    }
    // Kept for the chief judge, or there already: only now that the server says so is it done with here.
    if (said.fate === "late" || said.fate === "there") {
      await box.settle({ ...known, refused: null }, done);
      const detail = { key, late: said.late ?? null };
      box.tell("late", detail);
      return box.tabs.say("late", detail);
    }
    if (said.token && box.ownPage(said.judge)) {
      box.token = said.token; // the card was scanned again since this page was opened
      return;
    }
    const problem = { code: said.code ?? "refused", fate: said.fate ?? "stay", message: said.message ?? said.error, mend: said.mend ?? said.advice, held: said.held };
    if (status === 401) box.trouble = problem;
    else {
      await box.know({ ...known, refused: problem });
      box.fold();
      box.tabs.say("log");
    }
    box.tell("refused", { item, problem });
  }

  async post(item, sent) {
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(new Unwell("服务器没有应答")), TIMEOUT);
    const body = { client: this.box.sheets.get(item.key)?.by ?? this.box.client, revision: item.revision, rubric: item.rubric, marks: sent.marks, comment: sent.comment };
    try {
      const answer = await fetch(`/judge/api/sheets/${item.entry}${sent.submit ? "/submit" : ""}?part=${item.part}`, {
        method: "POST", keepalive: true, credentials: "same-origin", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.box.token }, body: JSON.stringify(body),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Unwell("服务器暂时不能收分");
      return { status: answer.status, said: await answer.json() };
    } finally {
      clearTimeout(alarm);
    }
  }

  /** The touches of a sheet that go out together. An attempt without an answer may have arrived: it is repeated as it was, for a
      changed message on the old revision would look like another device's; and in the name of the tab that made it, for the server
      to know a copy of it that comes long after. */
  async batch(key) {
    const { box } = this;
    const touches = box.touches.filter((touch) => touch.key === key && atRest(touch));
    const known = box.sheets.get(key);
    const again = touches.filter((touch) => touch.n <= (known?.trying ?? 0));
    if (again.length) return again;
    await box.know({ ...known, key, trying: Math.max(0, ...touches.map((touch) => touch.n ?? 0)), by: box.client });
    return touches;
  }
}

/** The server was reached or waited for, and gave no answer to go on with. */
class Unwell extends Error {}
