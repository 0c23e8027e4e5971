// The PIN page: big keys in place of the keyboard that would hide half of the page, and a word where the device still keeps another
// judge's marks. Works without this script too.

import { h } from "./dom.js";
import { openKeep } from "./keep.js";

const form = document.querySelector("[data-pin]");
const pin = form.querySelector("#pin");
const pad = form.querySelector(".pin-pad");
const LENGTH = pin.maxLength;

pad.hidden = false;
// On touch screens the own keys are enough; a real keyboard goes on working.
if (matchMedia("(pointer: coarse)").matches) pin.setAttribute("inputmode", "none");

pad.addEventListener("mousedown", (event) => event.preventDefault());
pad.addEventListener("click", (event) => {
  const key = event.target.closest("button")?.dataset.key;
  if (!key) return;
  if (key === "clear") pin.value = "";
  else if (key === "back") pin.value = pin.value.slice(0, -1);
  else if (pin.value.length < LENGTH) pin.value += key;
  typed();
});
pin.addEventListener("input", typed);

function typed() {
  pin.value = pin.value.normalize("NFKC").replace(/\D/g, "").slice(0, LENGTH);
  if (pin.value.length === LENGTH) form.requestSubmit();
}

form.addEventListener("submit", (event) => {
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => delete form.dataset.sent);

const left = document.querySelector("[data-left]");
openKeep(Number(left.dataset.left)).then((keep) => keep.others()).then((found) => {
  left.replaceChildren(...found.map(({ name, count }) => h("p", { class: "door-note" },
    h("strong", {}, `这台平板上还存着${name || "另一位评委"}的 ${count} 处未送达的打分。`), "最好先让他在这台平板上扫卡登录，送达后再换人；换人以后也不会丢。")));
}).catch(() => {});
