// One criterion of the form: stepper, value, quick values, anchors. Knows nothing of delivery; tells `change(units)`.

import { announce, h } from "./dom.js";
import { UNIT, allowed, format, parse, plain, reachable, stepped } from "./numbers.js";

export class Criterion {
  constructor(node, { change, activate, onward, leave }) {
    this.node = node;
    this.code = node.dataset.code;
    this.rule = { minimum: Number(node.dataset.minimum), maximum: Number(node.dataset.maximum), step: Number(node.dataset.step) };
    this.name = node.querySelector(".jf-name").textContent;
    this.input = node.querySelector(".jf-value");
    this.quick = [...node.querySelectorAll(".jf-quick button")];
    this.levels = "levels" in node.dataset ? new Map(this.quick.map((button) => [Number(button.dataset.units), button.querySelector("span").textContent])) : null;
    this.steps = [...node.querySelectorAll(".jf-step")];
    this.error = node.querySelector(".jf-error");
    this.shared = "shared" in node.dataset; // the panel's mark: another judge's sheet may hold it
    this.units = null;
    this.text = null; // what is being typed, while it is
    Object.assign(this, { change, activate, onward, leave });
    this.listen();
  }

  listen() {
    for (const button of this.steps) button.addEventListener("click", () => this.step(Number(button.dataset.by)));
    for (const button of this.quick) button.addEventListener("click", () => this.set(Number(button.dataset.units)));
    const more = this.node.querySelector(".jf-more");
    more?.addEventListener("click", () => this.unfold(more));
    this.input.addEventListener("focus", () => this.begin());
    this.input.addEventListener("click", () => this.begin());
    this.input.addEventListener("blur", () => this.finish());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("beforeinput", (event) => this.typed(event));
  }

  unfold(more) {
    const box = this.node.querySelector(".jf-anchors");
    box.hidden = !box.hidden;
    more.setAttribute("aria-expanded", String(!box.hidden));
  }

  key(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by) this.step(by);
    else if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") this.onward(this);
    else if (event.key === "Home") this.set(this.rule.minimum);
    else if (event.key === "End") this.set(this.rule.maximum - ((this.rule.maximum - this.rule.minimum) % this.rule.step));
    else return;
    event.preventDefault();
  }

  /** The page holds the text, not the field: what cannot become a mark never appears in it. */
  typed(event) {
    event.preventDefault();
    if (event.inputType.startsWith("delete")) return this.press("back");
    const text = plain(event.data ?? event.dataTransfer?.getData("text") ?? "");
    for (const letter of text) if (!this.press(letter)) return this.complain(`不能输入“${text}”，应在 ${this.span}之间${this.pace}${this.units === null ? "" : `；现在是${this.say(this.units)}`}`);
  }

  /** A mark in a table: its points, or what its level says. */
  word(units) {
    return this.levels?.get(units) ?? format(units);
  }

  /** A mark within a sentence. */
  say(units) {
    return this.levels ? this.word(units) : ` ${format(units)} 分`;
  }

  get pace() {
    const { step } = this.rule;
    if (this.levels) return "";
    return step === UNIT ? "，不带小数" : `，每 ${format(step)} 分一档`;
  }

  /** What is wrong, beside the field and to a screen reader; "" takes it back. */
  complain(text) {
    if (text === this.error.textContent) return;
    this.error.textContent = text;
    this.error.hidden = !text;
    if (text) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    if (text) announce(`${this.name}：${text}`);
  }

  get span() {
    if (this.levels) return [this.rule.minimum, this.rule.maximum].map((units) => `${format(units)}（${this.say(units)}）`).join("到 ");
    return `${format(this.rule.minimum)} 到 ${format(this.rule.maximum)} 分`;
  }

  begin() {
    if (this.text === null) {
      this.text = this.units === null ? "" : format(this.units);
      this.fresh = true; // the first key replaces what stands there
    }
    this.activate(this);
  }

  /** The text after this key, or null when no mark could come of it. */
  after(key) {
    const text = this.text ?? (this.units === null ? "" : format(this.units));
    if (key === "clear") return "";
    if (key === "back") return this.fresh ? "" : text.slice(0, -1);
    const next = (this.fresh ? "" : text) + key;
    return reachable(this.rule, next) ? next : null;
  }

  press(key) {
    const next = this.after(key);
    if (next === null) return false;
    this.complain("");
    this.text = next;
    this.fresh = false;
    const units = parse(next);
    if (next === "") this.move(null);
    else if (units !== null && allowed(this.rule, units)) this.move(units);
    this.draw();
    return true;
  }

  step(by) {
    const next = stepped(this.rule, this.units, by);
    if (next !== null) this.set(next);
  }

  set(units) {
    this.complain("");
    this.text = null;
    this.move(units);
    this.draw();
    if (document.activeElement === this.input) this.begin();
  }

  move(units) {
    if (units === this.units) return;
    this.units = units;
    this.change(this.code, units);
  }

  /** Half a number is no mark: "1" on the way to "15" where 5 is the least goes back to what counted before. */
  finish() {
    if (this.text === null) return;
    const units = parse(this.text.replace(/\.$/, ""));
    const wrong = this.text !== "" && (units === null || !allowed(this.rule, units));
    if (wrong) this.complain(`${this.text} 不是可以给的分数，应在 ${this.span}之间${this.pace}；已恢复原来的${this.units === null ? "空白" : this.say(this.units)}`);
    else if (this.text !== "") this.move(units);
    this.text = null;
    this.draw();
  }

  show(units) {
    this.units = units;
    this.text = null;
    this.draw();
  }

  draw() {
    const blank = this.units === null;
    this.input.value = this.text ?? (blank ? "" : format(this.units));
    this.input.classList.toggle("is-blank", blank);
    this.input.setAttribute("aria-valuetext", blank ? "未打分" : this.say(this.units).trim());
    if (blank) this.input.removeAttribute("aria-valuenow");
    else this.input.setAttribute("aria-valuenow", format(this.units));
    for (const button of this.quick) button.setAttribute("aria-pressed", String(Number(button.dataset.units) === this.units));
    for (const button of this.steps) button.disabled = stepped(this.rule, this.units, Number(button.dataset.by)) === null;
  }

  /** Nothing can be changed any more: the value stays readable. */
  freeze() {
    this.input.readOnly = true;
    for (const button of [...this.steps, ...this.quick]) button.disabled = true;
  }

  /** The judge's own other marks for this criterion. */
  compare(text) {
    const line = this.node.querySelector(".jf-own");
    line.hidden = !text;
    line.replaceChildren(text ? h("span", {}, text) : "");
  }
}
