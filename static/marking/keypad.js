// The number pad on the page: the tablet's own keyboard would hide half of it. A key that cannot lead to a mark is off.

import { h } from "./dom.js";

const KEYS = ["7", "8", "9", "back", "4", "5", "6", "clear", "1", "2", "3", "next", ".", "0", "close"];
const WORDS = { back: "⌫", clear: "清空", next: "下一项", close: "收起" };
const SPOKEN = { back: "删除一位", ".": "小数点" };

export class Keypad {
  constructor({ onward, close }) {
    this.criterion = null;
    this.title = h("p", { class: "pad-title" });
    this.keys = KEYS.map((key) => h("button", { type: "button", class: `key key-${key === "." ? "dot" : key}`, value: key, "aria-label": SPOKEN[key] ?? null }, WORDS[key] ?? key));
    this.anchors = h("div", { class: "pad-anchors" });
    this.node = h("section", { class: "pad", "aria-label": "数字键盘", hidden: true },
      h("div", { class: "pad-side" }, this.title, this.anchors), h("div", { class: "pad-keys" }, this.keys));
    // The field keeps the focus while keys are touched.
    this.node.addEventListener("mousedown", (event) => event.target.closest(".pad-keys") && event.preventDefault());
    this.node.addEventListener("click", (event) => {
      const key = event.target.closest(".pad-keys button")?.value;
      if (!key || !this.criterion) return;
      if (key === "next") onward(this.criterion);
      else if (key === "close") close();
      else this.criterion.press(key);
      this.draw();
    });
  }

  open(criterion) {
    this.criterion = criterion;
    this.node.hidden = false;
    this.title.replaceChildren(h("b", {}, criterion.name), ` ${criterion.span}`);
    const list = criterion.node.querySelector(".jf-anchors ul");
    this.anchors.replaceChildren(...(list ? [list.cloneNode(true)] : []));
    this.draw();
  }

  close() {
    this.criterion = null;
    this.node.hidden = true;
  }

  draw() {
    if (!this.criterion) return;
    for (const button of this.keys) {
      if (/^[\d.]$/.test(button.value)) button.disabled = this.criterion.after(button.value) === null;
      if (button.value === "back" || button.value === "clear") button.disabled = this.criterion.units === null && !this.criterion.text;
    }
  }
}
