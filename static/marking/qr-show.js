// Undelivered marks as a sequence of QR codes that the organiser's laptop reads off this screen: no network, no file, no stick.
//
// A frame, big-endian: "CQ", 1, packed (1: zlib), contest u32, judge u32, CRC-32 of the whole u32, place u8, frames u8, its piece.

import { h } from "./dom.js";
import { open } from "./modal.js";
import { capacity, encode } from "./qr.js";

export const HEAD = 18;
const VERSIONS = [10, 15, 20]; // the coarsest that needs no more than FEW frames: large modules are read from further away
const FEW = 12;
const MOST = 255;
const PACES = [["慢", 1200], ["中", 600], ["快", 300]];
const QUIET = 4; // light modules around a code

/** The frames of a parcel as bytes, with the version of code that they all fit in; null when it is too much to show. */
export async function frames(parcel) {
  // What is only for people stays out: every frame less is a second less before the camera.
  const { about, ...rest } = parcel;
  const sheets = parcel.sheets.map(({ label, read, ...sheet }) => sheet);
  const plain = new TextEncoder().encode(JSON.stringify({ ...rest, sheets }));
  const packed = await deflated(plain);
  const body = packed ?? plain;
  const version = VERSIONS.find((one) => body.length <= FEW * room(one)) ?? VERSIONS.at(-1);
  const count = Math.ceil(body.length / room(version));
  if (count > MOST) return null;
  const pieces = Array.from({ length: count }, (_, place) => {
    const piece = body.subarray(place * room(version), (place + 1) * room(version));
    const frame = new Uint8Array(HEAD + piece.length);
    const view = new DataView(frame.buffer);
    frame.set([0x43, 0x51, 1, packed ? 1 : 0]);
    [parcel.contest.id, parcel.judge.id, crc32(body)].forEach((number, n) => view.setUint32(4 + 4 * n, number));
    frame.set([place, count], 16);
    frame.set(piece, HEAD);
    return frame;
  });
  return { pieces, version };
}

const room = (version) => capacity(version) - HEAD;

async function deflated(bytes) {
  if (!("CompressionStream" in globalThis)) return null;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null; // a browser that knows the name only
  }
}

function crc32(bytes) {
  let rest = ~0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let n = 0; n < 8; n += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

/** Opens the codes over the whole screen. */
export async function showFrames(parcel) {
  const made = await frames(parcel);
  return open(made ? new Sequence(made).dialog : tooMuch());
}

function tooMuch() {
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "qr-title" }, h("h2", { id: "qr-title" }, "内容太多，二维码放不下"),
    h("p", {}, "请返回，改用“导出未送达的打分”，把文件交给会务人员。"),
    h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "main-button", onclick: () => dialog.close() }, "返回")));
  return dialog;
}

class Sequence {
  constructor({ pieces, version }) {
    Object.assign(this, { pieces, version, codes: [] });
    this.place = 0;
    this.canvas = h("canvas", { class: "qr-code", role: "img" });
    this.count = h("p", { class: "qr-count" });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.paces = PACES.map(([text, pause]) => h("button", { type: "button", class: "side-button", value: pause, onclick: () => this.play(pause) }, text));
    this.steps = h("button", { type: "button", class: "side-button", value: 0, onclick: () => this.play(0) }, "逐张");
    const step = (by, text) => h("button", { type: "button", class: "side-button", onclick: () => this.step(by) }, text);
    const stepper = h("div", { role: "group", "aria-label": "翻看" }, step(-1, "上一张"), step(1, "下一张"));
    const single = this.pieces.length === 1;
    const pacing = h("div", { role: "group", "aria-label": "播放" }, this.paces, this.steps);
    this.dialog = h("dialog", { class: "qr-dialog", "aria-labelledby": "qr-title" },
      h("h2", { id: "qr-title" }, "请对准会务笔记本的摄像头"),
      h("p", { class: "qr-how" }, "屏幕调亮，离摄像头 20 到 30 厘米，拿稳。笔记本上显示“收齐了”就可以关闭。"),
      this.canvas, this.count, !single && h("div", { class: "qr-controls" }, pacing, stepper),
      h("button", { type: "button", class: "main-button", onclick: () => this.dialog.close() }, "关闭"));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => clearInterval(this.timer));
    this.play(single || still ? 0 : PACES[1][1]);
  }

  /** Goes on by itself after each `pause`; 0: by hand. */
  play(pause) {
    clearInterval(this.timer);
    if (pause) this.timer = setInterval(() => this.show(this.place + 1), pause);
    for (const button of [...this.paces, this.steps]) button.setAttribute("aria-pressed", String(Number(button.value) === pause));
    this.show(this.place);
  }

  step(by) {
    this.play(0);
    this.show(this.place + by);
  }

  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.step(by);
  }

  show(place) {
    this.place = (place + this.pieces.length) % this.pieces.length;
    const words = `第 ${this.place + 1} 张，共 ${this.pieces.length} 张`;
    this.count.textContent = words;
    this.canvas.setAttribute("aria-label", `二维码，${words}`);
    // Made when it is first shown: an old tablet takes a moment for each.
    this.codes[this.place] ??= encode(this.pieces[this.place], { least: this.version });
    paint(this.canvas, this.codes[this.place]);
  }
}

function paint(canvas, { size, dark }) {
  const whole = size + 2 * QUIET;
  const scale = Math.max(4, Math.floor(1200 / whole)); // whole pixels per module: the browser only ever makes it smaller
  canvas.width = canvas.height = whole * scale;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  dark.forEach((one, at) => one && pen.fillRect((QUIET + (at % size)) * scale, (QUIET + Math.floor(at / size)) * scale, scale, scale));
}
