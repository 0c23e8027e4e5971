// One entry, one screen: its name, the criteria, the total always in sight, and handing the sheet in.

import { stageBar } from "./banners.js";
import { comfortButton, layout } from "./comfort.js";
import { ownMarks, strip } from "./compare.js";
import { Criterion } from "./criterion.js";
import { WORDS } from "./desk.js";
import { askConflict, askSubmit } from "./dialogs.js";
import { h, short } from "./dom.js";
import { Keypad } from "./keypad.js";
import { allowed, ratio } from "./numbers.js";

export function showEntry(context, session, entry) {
  return new EntryView(context, session, entry).node;
}

class EntryView {
  constructor(context, session, entry) {
    Object.assign(this, { context, session, entry, store: context.store });
    this.sheet = this.store.sheet(session, entry);
    this.form = document.querySelector(`#form-${session.partId}`).content.cloneNode(true).querySelector(".judge-form");
    const hooks = { change: (code, units) => this.touch(code, units), activate: (one) => this.activate(one), onward: (one) => this.onward(one), leave: () => this.leave() };
    this.criteria = [...this.form.querySelectorAll(".jf-card")].map((node) => new Criterion(node, hooks));
    this.pad = new Keypad({ onward: hooks.onward, close: () => this.leave() });
    this.total = h("span", { class: "total" });
    this.node = h("main", { id: "main", tabindex: "-1", class: "entry" }, this.head(), this.body(), this.dock());
    this.fill();
    const refused = this.sheet.item?.refused;
    if (refused?.held && refused.held.revision !== context.asked?.[entry.id]) queueMicrotask(() => this.settle()); // unasked once; then it is a touch away
  }

  head() {
    const { session, entry } = this;
    return h("header", { class: "entry-head" },
      h("a", { class: "back", href: `#${session.id}` }, "‹ 列表"),
      h("h1", { tabindex: "-1" }, h("span", { class: "entry-label" }, entry.label), entry.title && h("span", { class: "entry-title" }, entry.title),
        this.store.onStage(session) === entry && h("span", { class: "badge is-stage" }, "台上")),
      comfortButton(), this.context.delivery());
  }

  body() {
    const { entry, sheet, session, store } = this;
    const box = h("div", { class: "entry-body" }, h("div", { "data-stage": "" }, stageBar(store, session, entry) ?? ""), this.context.banners.nodes);
    if (entry.organization) box.append(h("p", { class: "quiet organization" }, entry.organization));
    if (entry.files.length) {
      box.append(h("p", { class: "files" }, entry.files.map((file) => h("a", { href: file.url, target: "_blank", rel: "noopener" }, `${file.kind} · ${file.name}`))));
    }
    box.append(...this.notices(), this.form);
    this.form.classList.toggle("is-done", !sheet.editable);
    if (sheet.editable || sheet.comment) box.append(this.remarks());
    this.strip = h("div", { class: "strip" });
    this.place(box);
    return box;
  }

  /** Lying wide, the comparison stands beside the form; upright, below it. */
  place(box) {
    queueMicrotask(() => {
      const put = () => (layout.wide ? this.node.querySelector(".dock") : box).append(this.strip);
      put();
      const follow = () => {
        if (!this.node.isConnected) return layout.removeEventListener("change", follow);
        put();
        if (this.pad.criterion) this.bring(this.pad.criterion);
      };
      layout.addEventListener("change", follow);
    });
  }

  notices() {
    const { entry, sheet, session, store } = this;
    const found = [];
    const refused = sheet.item?.refused;
    if (entry.state === "returned" && !sheet.submitting) found.push(h("div", { class: "notice is-wait", role: "status" }, h("strong", {}, "退回理由："), entry.reason, h("br"), "请修改后重新提交。"));
    if (refused) found.push(this.refusal(refused));
    found.push(...(entry.late ?? []).map((late) => this.late(late)));
    if (sheet.submitting) found.push(h("p", { class: "notice is-wait", role: "status" }, "已提交，正在等待送达。请不要关闭页面，可以先评下一项。"));
    else if (["submitted", "locked"].includes(entry.state)) found.push(h("p", { class: "notice is-good", role: "status" }, `${WORDS[entry.state]}。如需更正，请总评委退回。`));
    else if (!sheet.editable && store.holds) found.push(h("p", { class: "notice is-wait", role: "status" }, store.shut(session, entry) || WORDS[entry.state], "。"));
    return found;
  }

  refusal(refused) {
    const { store, session, entry } = this;
    if (refused.fate === "wait") return h("p", { class: "notice is-wait", role: "status" }, `这里的打分存在平板上，等着送达：${refused.message}。${refused.mend ?? ""}。`);
    const [words, then] = refused.held ? ["比较两处的分数", () => this.settle()] : ["再发送一次", () => store.touch(session, entry, {}, 0)];
    return h("div", { class: "notice is-bad", role: "alert" }, h("strong", {}, `未能送达：${refused.message}。`), refused.mend && `${refused.mend}。`,
      h("p", { class: "notice-buttons" }, h("button", { type: "button", class: "side-button", onclick: then }, words)));
  }

  /** Marks that came too late: with the chief judge, or decided on. */
  late(late) {
    const given = this.criteria.filter((criterion) => criterion.code in late.marks);
    const list = given.map((criterion) => `${criterion.name} ${late.marks[criterion.code] === null ? "取消打分" : criterion.word(late.marks[criterion.code])}`).concat(late.comment || !given.length ? "评语" : []).join("、");
    if (late.state === "accepted") return h("p", { class: "notice is-good", role: "status" }, h("strong", {}, `总评委已采纳您 ${late.at} 送到的打分（${list}）`), `，理由：${late.reason}。`);
    if (late.state === "rejected") return h("p", { class: "notice is-bad", role: "status" }, h("strong", {}, `总评委未采纳您 ${late.at} 送到的打分（${list}）`), `，理由：${late.reason}。`);
    const fits = given.length > 0 && given.every((criterion) => late.marks[criterion.code] === null || allowed(criterion.rule, late.marks[criterion.code]));
    const again = () => {
      this.store.touch(this.session, this.entry, { marks: late.marks }, 0);
      this.store.changed();
    };
    return h("div", { class: "notice is-wait", role: "status" }, h("strong", {}, `未采用：${list}。`), `送到时已不能直接收下（${late.why}），已转交总评委处理，没有丢。处理结果会显示在这里。`,
      this.sheet.editable && fits && h("p", { class: "notice-buttons" }, h("button", { type: "button", class: "side-button", onclick: again }, "现在可以打分了：重新填入这些分数")));
  }

  remarks() {
    const { sheet } = this;
    const area = h("textarea", { id: "comment", rows: "2", maxlength: this.context.settings.commentLimit, placeholder: "可以不写", readonly: !sheet.editable });
    area.value = sheet.comment;
    area.addEventListener("input", () => this.store.touch(this.session, this.entry, { comment: area.value }, 800));
    area.addEventListener("focus", () => this.leave());
    return h("section", { class: "box remarks" }, h("label", { for: "comment" }, "评语"), area);
  }

  dock() {
    const { sheet, store, session, entry } = this;
    const next = store.next(session, entry);
    const done = !sheet.editable;
    const button = done
      ? h("a", { class: "main-button", href: next ? `#${session.id}/${next.id}` : `#${session.id}` }, next ? `下一个：${short(next)}` : "回到列表")
      : h("button", { type: "button", class: "main-button", "data-submit": "", onclick: () => this.ask() }, "提交");
    this.tally = h("span", { class: "tally" });
    return h("aside", { class: "dock", "aria-label": "总分与提交" }, this.pad.node, h("div", { class: "bar" }, h("div", { class: "sum", role: "status", "aria-atomic": "true" }, this.tally, " ", this.total), button));
  }

  fill() {
    for (const criterion of this.criteria) {
      criterion.show(this.sheet.marks[criterion.code] ?? null);
      if (!this.sheet.editable) criterion.freeze();
      criterion.compare(criterion.levels ? "" : ownMarks(this.store, this.session, this.entry, criterion.code));
    }
    this.add();
  }

  add() {
    const { sum, given, missing, complete } = this.sheet.total;
    const shown = ratio(sum, this.session.denominator);
    this.total.replaceChildren(complete || given ? shown : "—");
    this.total.classList.toggle("is-partial", !complete);
    this.tally.textContent = complete ? "总分" : given ? `小计，还差 ${missing} 项` : "还没有打分";
    const found = strip(this.store, this.session, this.entry);
    this.strip.replaceChildren(...(found ? [found] : []));
  }

  touch(code, units) {
    this.store.touch(this.session, this.entry, { marks: { [code]: units } });
    this.sheet = this.store.sheet(this.session, this.entry);
    this.add();
    if (this.pad.criterion?.code === code) this.pad.draw();
  }

  activate(criterion) {
    if (!this.sheet.editable) return;
    for (const other of this.criteria) {
      if (other !== criterion && other.text !== null) other.finish();
      other.node.classList.toggle("is-active", other === criterion);
    }
    this.node.toggleAttribute("data-busy", true);
    this.pad.open(criterion);
    this.bring(criterion);
  }

  /** The value being typed stands between the head and the keypad. */
  bring(criterion) {
    const [card, row] = [criterion.node, criterion.input].map((node) => node.getBoundingClientRect());
    const top = Math.max(0, this.node.querySelector(".entry-head").getBoundingClientRect().bottom) + 8;
    const dock = this.node.querySelector(".dock").getBoundingClientRect().top;
    const bottom = (layout.wide ? innerHeight : Math.min(innerHeight, dock)) - 8;
    const shown = card.height <= bottom - top ? card : row;
    const by = shown.top < top ? shown.top - top : Math.max(0, shown.bottom - bottom);
    (layout.wide ? this.node.querySelector(".entry-body") : window).scrollBy(0, by);
  }

  onward(criterion) {
    criterion.finish();
    const next = this.criteria[this.criteria.indexOf(criterion) + 1];
    if (next) this.reach(next);
    else this.leave();
  }

  /** Back to a criterion, ready to type. */
  reach(criterion) {
    criterion.input.focus({ preventScroll: true });
    criterion.begin();
  }

  leave() {
    const criterion = this.pad.criterion;
    criterion?.finish();
    criterion?.node.classList.remove("is-active");
    if (document.activeElement === criterion?.input) criterion.input.blur();
    this.pad.close();
    this.node.removeAttribute("data-busy");
    this.context.catchUp();
  }

  ask() {
    this.leave();
    this.sheet = this.store.sheet(this.session, this.entry);
    for (const criterion of this.criteria) if (!criterion.shared && this.sheet.marks[criterion.code] === undefined) criterion.complain("还没有打分。零分请明确打 0");
    askSubmit({
      session: this.session, entry: this.entry, sheet: this.sheet, criteria: this.criteria,
      jump: (criterion) => this.reach(criterion), confirm: () => this.hand(),
    });
  }

  hand() {
    this.store.submit(this.session, this.entry);
    scrollTo(0, 0);
    document.querySelector(".entry-body")?.scrollTo(0, 0);
  }

  settle() {
    if (document.querySelector("dialog[open]")) return;
    this.context.asked = { [this.entry.id]: this.sheet.item.refused.held.revision };
    askConflict({ session: this.session, sheet: this.sheet, criteria: this.criteria, resolve: (mine) => this.store.resolve(this.session, this.entry, mine) });
  }
}
