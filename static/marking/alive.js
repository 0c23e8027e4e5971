// The tablet's sign of life, every quarter of a minute and soon after a change, and whether it holds the judge's seat: the newest
// tablet that came in with the card does. One that does not hold it delivers what it kept and takes no new marks.

import { kept } from "./dom.js";

const EVERY = 15000;
const SOON = 1500;
const TIMEOUT = 8000;

export class Alive extends EventTarget {
  constructor(judge, context, sign) {
    super();
    Object.assign(this, { context, sign, place: `compete.seat.${judge}` });
    this.other = kept.get(this.place, ""); // the tablet that holds the seat instead of this one
    this.claimed = false; // the judge said to go on here, and the server has not heard it yet
    this.told = "";
    this.timer = 0;
    this.battery = null;
    navigator.getBattery?.().then((battery) => {
      this.battery = battery;
      for (const name of ["levelchange", "chargingchange"]) battery.addEventListener(name, () => this.soon());
      this.soon();
    }, () => {});
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.tell());
    this.tell();
  }

  get holds() {
    return !this.other;
  }

  /** Something may have changed. */
  soon() {
    if (JSON.stringify(this.message()) === this.told) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), SOON);
  }

  message() {
    const { battery } = this;
    return { ...this.sign(), battery: battery ? Math.round(battery.level * 100) : null, charging: battery ? battery.charging : null };
  }

  async tell() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), EVERY);
    const message = this.message();
    try {
      const claim = this.claimed;
      const { holds, device } = await this.post(claim ? "seat" : "alive", message);
      if (claim) this.claimed = false;
      else {
        this.told = JSON.stringify(message);
        if (this.claimed) return; // the judge went on here while this was under way
      }
      this.sit(holds ? "" : device);
      if (claim) this.soon();
    } catch {
      // No network: the host's board shows since when nothing was heard.
    }
  }

  async post(what, message) {
    const stop = new AbortController();
    const alarm = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const answer = await fetch(`/judge/api/${what}`, {
        method: "POST", credentials: "same-origin", signal: stop.signal, priority: "low",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.context.token }, body: JSON.stringify(message),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } finally {
      clearTimeout(alarm);
    }
  }

  sit(other) {
    if (other === this.other) return;
    this.other = other;
    kept.set(this.place, other || null);
    this.dispatchEvent(new Event("seat"));
  }

  /** “在这台平板上继续”: at once on this tablet; the server and the other one hear of it as soon as they can be reached. */
  take() {
    this.claimed = true;
    this.sit("");
    this.tell();
  }
}
