// The line to the server: asks for the document, again and again; comes back by itself; knows the server's clock.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10_000;
const PATIENCE = 6000; // ms without an answer
const REMOVED = 404;

export class Link {
  constructor(address, every, { put, lost, gone }) {
    Object.assign(this, { address, every, put, lost, gone });
    this.tag = "";
    this.failures = 0;
    this.samples = [];
    this.offset = 0;
  }

  // The server's time in epoch ms.
  now() {
    return Date.now() + this.offset;
  }

  // Asks at once and from then on again and again. Called anew (back online, in view again) it takes the place of what ran.
  async run() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    clearTimeout(this.timer);
    const pause = await this.ask();
    if (turn === this.turn) this.timer = setTimeout(() => this.run(), pause);
  }

  async ask() {
    const control = new AbortController();
    const limit = setTimeout(() => control.abort(), PATIENCE);
    const sent = Date.now();
    try {
      const answer = await fetch(this.address, { headers: this.tag ? { "If-None-Match": this.tag } : {}, cache: "no-store", signal: control.signal });
      if (answer.status === REMOVED) {
        this.gone();
        return 30_000;
      }
      if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
      const document = answer.ok ? await answer.json() : null;
      this.learn(Number(answer.headers.get("X-Now")), sent, Date.now());
      if (document) {
        this.tag = answer.headers.get("ETag") ?? "";
        this.put(document);
      }
      this.failures = 0;
      this.lost(false);
      return this.every + Math.random() * this.every * 0.2; // so that a hall of phones does not ask all at once
    } catch {
      this.failures += 1;
      if (this.failures > 1) this.lost(true);
      return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1)) * (0.8 + Math.random() * 0.4);
    } finally {
      clearTimeout(limit);
    }
  }

  // The quickest of the last answers tells the clocks' difference best. A clock that was set while the page is open
  // makes a jump: then only the newest counts.
  learn(theirs, sent, received) {
    if (!theirs) return;
    const sample = { offset: theirs - (sent + received) / 2, way: received - sent };
    if (this.samples.some((known) => Math.abs(known.offset - sample.offset) > 3000)) this.samples = [];
    this.samples = [...this.samples, sample].slice(-8);
    this.offset = this.samples.reduce((best, known) => (known.way < best.way ? known : best)).offset;
  }
}
