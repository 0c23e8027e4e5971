// A paper sheet keyed in without a mouse: Enter and the arrows move on, what cannot be a mark is told at once, the sum runs along.

import { allowed, format, parse, plain, ratio, total } from "./numbers.js";

const form = document.querySelector("#keying");
if (form) {
  const figures = JSON.parse(document.querySelector("#figures").textContent);
  const fields = [...form.querySelectorAll("[data-code]")];
  const written = form.querySelector("#written");
  const order = [...fields, written];
  const sum = form.querySelector("#sum");
  const trust = form.querySelector("#trust-box");
  const rule = (field) => ({ minimum: Number(field.dataset.minimum), maximum: Number(field.dataset.maximum), step: Number(field.dataset.step) });
  const read = (field) => parse(plain(field.value).replace(/\.$/, ""));

  const wrong = (field) => {
    if (!field.value.trim()) return "";
    const units = read(field);
    if (units === null) return "只填数字，例如 18.5";
    const { minimum, maximum, step } = rule(field);
    if (units < minimum || units > maximum) return `${format(units)} 超出范围，应在 ${format(minimum)} 到 ${format(maximum)} 之间`;
    return allowed(rule(field), units) ? "" : `${format(units)} 不合打分间隔，应以 ${format(step)} 分为一档`;
  };

  const tell = (field, text) => {
    const line = form.querySelector(`#${field.id}-error`);
    line.textContent = text;
    line.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  const count = () => {
    const marks = {};
    for (const field of fields) if (field.value.trim() && !wrong(field)) marks[field.dataset.code] = read(field);
    const found = total(figures, marks);
    sum.textContent = found.given ? ratio(found.sum, figures.denominator) : "—";
    sum.classList.toggle("text-secondary", !found.complete);
    return found;
  };

  /** The total on paper against the sum, once all criteria are there. */
  const compare = () => {
    const found = count();
    const units = written.value.trim() ? read(written) : null;
    let text = "";
    if (written.value.trim() && units === null) text = "只填数字，例如 85.5";
    else if (units !== null && found.complete && ratio(BigInt(units), 10000n) !== ratio(found.sum, figures.denominator)) {
      text = `纸面写的是 ${format(units)}，各项相加是 ${ratio(found.sum, figures.denominator)}。请逐项核对；确实是纸面加错了，勾选下面一项`;
    }
    tell(written, form.elements.trust.checked ? "" : text);
    trust.hidden = !text;
    if (!text) form.elements.trust.checked = false;
    return text && !form.elements.trust.checked;
  };

  for (const field of order) {
    field.addEventListener("input", () => {
      field.value = plain(field.value).replace(/[^\d.]/g, "");
      if (field === written) return count();
      if (field.getAttribute("aria-invalid")) tell(field, wrong(field));
      count();
      if (written.value) compare();
    });
    field.addEventListener("change", () => (field === written ? compare() : tell(field, wrong(field))));
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.isComposing) return;
      const next = order[order.indexOf(field) + by];
      event.preventDefault();
      if (next) next.focus();
      else if (event.key === "Enter") form.requestSubmit();
    });
  }
  form.elements.trust.addEventListener("change", compare);

  form.addEventListener("submit", (event) => {
    for (const field of fields) tell(field, wrong(field) || (field.value.trim() || "optional" in field.dataset ? "" : "没有打分。零分请填 0；纸面上空着的，请评委补上"));
    compare();
    const first = order.find((field) => field.getAttribute("aria-invalid"));
    if (!first) return;
    event.preventDefault();
    first.focus();
    first.select();
  });

  count();
  (order.find((field) => field.getAttribute("aria-invalid")) ?? order.find((field) => !field.value) ?? order[0]).focus();
}
