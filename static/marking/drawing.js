// A box to sign in with finger, pen or mouse. The handwriting becomes an SVG path of whole coordinates.

import { h } from "./dom.js";

const WIDTH = 600;
const HEIGHT = 220;
const LIMIT = 19000; // characters; the server takes a little more
const SVG = "http://www.w3.org/2000/svg";

export class Drawing {
  constructor({ label, changed = () => {} }) {
    this.path = "";
    this.changed = changed;
    this.line = document.createElementNS(SVG, "path");
    this.svg = document.createElementNS(SVG, "svg");
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "drawing", role: "img", "aria-label": label })) this.svg.setAttribute(name, value);
    for (const [name, value] of Object.entries({ fill: "none", stroke: "currentColor", "stroke-width": "4", "stroke-linecap": "round", "stroke-linejoin": "round" })) this.line.setAttribute(name, value);
    this.svg.append(this.line);
    this.pen = null;
    this.svg.addEventListener("pointerdown", (event) => this.start(event));
    this.svg.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, (event) => event.pointerId === this.pen && (this.pen = null));
    this.node = h("div", { class: "drawing-box" }, this.svg, h("button", { type: "button", class: "side-button", onclick: () => this.clear() }, "清除重写"));
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    const along = (value, start, size, whole) => Math.min(whole, Math.max(0, Math.round(((value - start) / size) * whole)));
    return [along(event.clientX, box.left, box.width, WIDTH), along(event.clientY, box.top, box.height, HEIGHT)];
  }

  /** The finger that writes goes on where a hand comes to rest beside it; a pen goes before any hand. */
  start(event) {
    event.preventDefault();
    if (this.pen !== null && event.pointerType !== "pen") return;
    this.svg.setPointerCapture(event.pointerId);
    this.pen = event.pointerId;
    this.add("M", this.point(event));
  }

  move(event) {
    if (event.pointerId !== this.pen) return;
    const [x, y] = this.point(event);
    if (Math.abs(x - this.last[0]) + Math.abs(y - this.last[1]) < 3) return;
    this.add("L", [x, y]);
  }

  add(letter, [x, y]) {
    if (this.path.length > LIMIT) return;
    this.last = [x, y];
    this.path += `${letter}${x} ${y}`;
    this.line.setAttribute("d", this.path);
    this.changed(this.path);
  }

  clear() {
    this.path = "";
    this.line.setAttribute("d", "");
    this.changed("");
  }
}
