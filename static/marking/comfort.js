// How the judge wants the page: size of the letters, the side of the keys; and which layout fits the window in that size.

import { h, kept } from "./dom.js";
import { open } from "./modal.js";

const page = document.documentElement;
const SIZES = [100, 125, 150, 175, 200];

let size = SIZES.includes(Number(kept.get("compete.size"))) ? Number(kept.get("compete.size")) : 100;

/** Told when the layout changes; `layout.wide`: the form and the keypad stand side by side. */
export const layout = Object.assign(new EventTarget(), { wide: false });

export function begin() {
  page.dataset.hand = kept.get("compete.hand", "right");
  page.style.setProperty("--size", size / 100);
  addEventListener("resize", fit);
  fit();
}

/** Layouts depend on how many letters fit, whoever enlarged them: the browser or the judge. */
function fit() {
  const em = parseFloat(getComputedStyle(page).fontSize) / 1.125;
  const [wide, high] = [innerWidth / em, innerHeight / em];
  const kinds = {
    "is-wide": wide >= 60, "is-narrow": wide <= 40, "is-low": high <= 40 && wide < 60, "is-flat": high <= 28 && wide >= 30 && wide < 60,
    "is-tiny": high <= 22 && wide < 30, "is-thin": wide <= 20,
  };
  for (const [name, on] of Object.entries(kinds)) page.classList.toggle(name, on);
  layout.wide = kinds["is-wide"];
  layout.dispatchEvent(new Event("change"));
  // The tablet's own keyboard came up, or the tablet was turned: what is being written stays in sight.
  if (document.activeElement?.matches("textarea, #sign-name")) document.activeElement.scrollIntoView({ block: "nearest" });
}

function resize(step) {
  size = step === 0 ? 100 : SIZES[Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(size) + step))];
  page.style.setProperty("--size", size / 100);
  kept.set("compete.size", String(size));
  fit();
  for (const node of document.querySelectorAll(".letters")) drawLetters(node);
}

/** A−, A, A+. */
export function letters() {
  const button = (text, step, name) => h("button", { type: "button", value: step, "aria-label": name, onclick: () => resize(step) }, text);
  const node = h("div", { class: "choice letters", role: "group", "aria-label": "字号" }, h("span", {}, "字号"),
    button("A−", -1, "缩小字号"), button("A", 0, "原来的字号"), button("A+", 1, "放大字号"), h("output", { class: "quiet" }));
  drawLetters(node);
  return node;
}

function drawLetters(node) {
  const [less, , more] = node.querySelectorAll("button");
  less.disabled = size === SIZES[0];
  more.disabled = size === SIZES.at(-1);
  node.querySelector("output").textContent = `${size}%`;
}

/** Left-handed or right-handed. */
export function hands() {
  const choose = (value) => () => {
    page.dataset.hand = value;
    kept.set("compete.hand", value);
    for (const button of document.querySelectorAll(".hand button")) button.setAttribute("aria-pressed", String(button.value === value));
  };
  const button = (value, text) => h("button", { type: "button", value, "aria-pressed": String(page.dataset.hand === value), onclick: choose(value) }, text);
  return h("div", { class: "choice hand", role: "group", "aria-label": "惯用手" }, h("span", {}, "按键放在"), button("left", "左手边"), button("right", "右手边"));
}

/** “Aa” in the head of an entry: the same choices without leaving it. */
export function comfortButton() {
  return h("button", { type: "button", class: "comfort", "aria-label": "字号和左右手", onclick: show }, "Aa");
}

function show() {
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "comfort-title" }, h("h2", { id: "comfort-title" }, "字号和左右手"), letters(), hands(),
    h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "main-button", onclick: () => dialog.close() }, "好")));
  open(dialog);
}
