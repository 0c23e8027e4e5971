// What the device keeps so that no touch is lost: the log of touches not yet acknowledged, what is known of each sheet,
// the desk, and whose turn it is to deliver. In IndexedDB; where the browser has none, in localStorage.
//
//   touch  {n, id, judge, key, part, entry, revision, rubric, label, marks, comment?, submit?}   appended, never changed
//   sheet  {judge, key, low, high, to, trying, by, refused, held}   a touch made on revisions low…high continues revision `to`;
//          touches up to `trying` went out once without an answer yet, from the tab `by`; `held` is what the server had after the last delivery

import { kept } from "./dom.js";
import { counted, folded } from "./folding.js";

const STRICT = { durability: "strict" }; // on the disk, not only handed to it: a flat battery takes nothing
const PATIENCE = 3000;

/** The first place that really keeps something. */
export async function openKeep(judge) {
  try {
    return await IndexedKeep.open(judge);
  } catch {
    return new PlainKeep(judge);
  }
}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

class IndexedKeep {
  static async open(judge) {
    const keep = Object.assign(new IndexedKeep(), { judge, safe: true, db: null });
    await keep.write(["sheets"], (sheets) => sheets.count()); // some private windows open, then refuse to write
    return keep;
  }

  async connect() {
    const request = indexedDB.open("compete.marks", 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("touches", { keyPath: "n", autoIncrement: true }).createIndex("judge", "judge");
      db.createObjectStore("sheets", { keyPath: ["judge", "key"] }).createIndex("judge", "judge");
      db.createObjectStore("desks");
      db.createObjectStore("turns");
    };
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE));
    this.db = await Promise.race([asked(request), late]);
    this.db.onclose = () => (this.db = null);
    this.db.onversionchange = () => (this.db.close(), (this.db = null));
  }

  /** Runs `work(store, …)` in one transaction; resolves with its result once the transaction is on the disk. */
  async write(names, work) {
    if (!this.db) await this.connect();
    let change;
    try {
      change = this.db.transaction(names, "readwrite", STRICT);
    } catch {
      await this.connect(); // the browser closed the connection, as after a long sleep
      change = this.db.transaction(names, "readwrite", STRICT);
    }
    const ended = new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = () => reject(change.error ?? new Error("aborted"));
    });
    const result = work(...names.map((name) => change.objectStore(name)));
    await ended;
    return result instanceof IDBRequest ? result.result : result;
  }

  async load() {
    let found;
    await this.write(["touches", "sheets"], (touches, sheets) => {
      found = [touches, sheets].map((store) => store.index("judge").getAll(this.judge));
    });
    return { touches: found[0].result, sheets: found[1].result };
  }

  append(touch) {
    return this.write(["touches"], (touches) => touches.add(touch));
  }

  note(sheet) {
    return this.write(["sheets"], (sheets) => void sheets.put({ ...sheet, judge: this.judge }));
  }

  /** The touches of a sheet up to `last` are done with, and what is known of the sheet now: in one step. */
  settle(sheet, last) {
    return this.write(["touches", "sheets"], (touches, sheets) => {
      sheets.put({ ...sheet, judge: this.judge });
      touches.index("judge").openCursor(this.judge).onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        if (cursor.value.key === sheet.key && cursor.value.n <= last) cursor.delete();
        cursor.continue();
      };
    });
  }

  /** {holder, beat} of the delivery; takes it where it is free or where `stale` says that its beat stands still. */
  async turn(me, stale) {
    let turn;
    await this.write(["turns"], (turns) => {
      turns.get(this.judge).onsuccess = ({ target: { result } }) => {
        turn = nextTurn(result, me, stale);
        if (turn !== result) turns.put(turn, this.judge);
      };
    });
    return turn;
  }

  leave(me) {
    return this.write(["turns"], (turns) => {
      turns.get(this.judge).onsuccess = ({ target: { result } }) => {
        if (result?.holder === me) turns.put({ holder: "", beat: result.beat }, this.judge);
      };
    });
  }

  forget() {
    return this.write(["touches", "sheets", "desks", "turns"], (touches, sheets, desks, turns) => {
      for (const store of [touches, sheets]) {
        store.index("judge").openCursor(this.judge).onsuccess = ({ target: { result: cursor } }) => {
          if (!cursor) return;
          cursor.delete();
          cursor.continue();
        };
      }
      for (const store of [desks, turns]) store.delete(this.judge);
    });
  }

  keepDesk(desk) {
    return this.write(["desks"], (desks) => void desks.put(desk, this.judge));
  }

  async desk() {
    return this.write(["desks"], (desks) => desks.get(this.judge));
  }

  /** What other judges left on this device: [{name, count}]. */
  async others() {
    let found;
    await this.write(["touches", "desks"], (touches, desks) => {
      found = [touches.getAll(), desks.getAllKeys(), desks.getAll()];
    });
    const [all, keys, desks] = found.map((request) => request.result);
    const names = new Map(keys.map((key, place) => [key, desks[place].judge.name]));
    return left(all.filter((touch) => touch.judge !== this.judge && typeof touch.judge === "number"), names);
  }
}

function left(touches, names) {
  return [...new Set(touches.map((touch) => touch.judge))].map((judge) => {
    const own = touches.filter((touch) => touch.judge === judge);
    return { name: names.get(judge) ?? "", count: counted(folded(own, new Map()).values()) };
  });
}

const nextTurn = (turn, me, stale) =>
  !turn?.holder || turn.holder === me || (stale && stale.holder === turn.holder && stale.beat === turn.beat)
    ? { holder: me, beat: (turn?.beat ?? 0) + 1 }
    : turn;

/** The same in localStorage. `safe` is false where the device keeps nothing at all: then it lives as long as the page. */
class PlainKeep {
  constructor(judge) {
    this.judge = judge;
    this.name = `compete.box.${judge}`;
    this.memory = null;
    this.safe = kept.set("compete.probe", "1") && kept.get("compete.probe") === "1";
    kept.set("compete.probe", null);
  }

  get state() {
    const text = this.safe ? kept.get(this.name) : this.memory;
    return text ? JSON.parse(text) : { next: 1, touches: [], sheets: [], turn: null };
  }

  async change(work) {
    const state = this.state;
    const result = work(state);
    const text = JSON.stringify(state);
    if (!this.safe) this.memory = text;
    else if (!kept.set(this.name, text)) throw new Error("full");
    return result;
  }

  async load() {
    return this.state;
  }

  append(touch) {
    return this.change((state) => {
      state.touches.push({ ...touch, n: state.next });
      return state.next++;
    });
  }

  note(sheet) {
    return this.settle(sheet, 0);
  }

  settle(sheet, last) {
    return this.change((state) => {
      state.sheets = [...state.sheets.filter((one) => one.key !== sheet.key), sheet];
      state.touches = state.touches.filter((touch) => touch.key !== sheet.key || touch.n > last);
    });
  }

  turn(me, stale) {
    return this.change((state) => (state.turn = nextTurn(state.turn, me, stale)));
  }

  leave(me) {
    return this.change((state) => {
      if (state.turn?.holder === me) state.turn.holder = "";
    });
  }

  async forget() {
    this.memory = null;
    kept.set(this.name, null);
  }

  async keepDesk() {} // too large for localStorage, and only a page that loads offline reads it

  async desk() {}

  async others() {
    const boxes = Object.keys(localStorage).filter((key) => /^compete\.box\.\d+$/.test(key) && key !== this.name);
    return left(boxes.flatMap((key) => JSON.parse(kept.get(key)).touches), new Map());
  }
}

/** What earlier forms of the outbox left in localStorage, as touches; `done()` removes it once they are appended. */
export function leftBehind(judge, own) {
  const old = `compete.outbox.${judge}.`;
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(old) || (key === `compete.box.${judge}` && key !== own));
  } catch {
    // nothing to be found here
  }
  const read = (key) => {
    const held = JSON.parse(kept.get(key, "[]"));
    return key.startsWith(old) ? held : held.touches;
  };
  return { touches: keys.flatMap(read), done: () => keys.forEach((key) => kept.set(key, null)) };
}
