// The PIN page: big keys in place of the keyboard that would hide half of the page. Works without this script too.

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
