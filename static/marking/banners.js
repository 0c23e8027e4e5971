// What the judge must know beside the words of delivery: trouble, another tablet at the seat, another tab, a device that keeps nothing.

import { mustBeTold, wasTold } from "./awake.js";
import { WORDS } from "./desk.js";
import { h, kept, named, short } from "./dom.js";

export class Banners {
  constructor(store, alive) {
    Object.assign(this, { store, alive, left: [] });
    store.outbox.keep.others().then((found) => {
      this.left = found;
      if (found.length) store.changed();
    }, () => {});
  }

  /** Boxes that stay on the page; `draw` fills those that change without a new view. */
  get nodes() {
    return [h("div", { "data-trouble": "" }, this.trouble()), h("div", { "data-tabs": "" }, this.tabs()), this.seat(), this.notice(), ...this.unkept()].filter(Boolean);
  }

  draw() {
    for (const [place, nodes] of [["trouble", this.trouble()], ["tabs", this.tabs()], ["seat-waits", [this.waits]]]) {
      const box = document.querySelector(`[data-${place}]`);
      // A screen reader says again whatever is put in again.
      if (box && box.textContent !== nodes.map((node) => node.textContent ?? node).join("")) box.replaceChildren(...nodes);
    }
  }

  trouble() {
    const found = this.store.outbox.trouble;
    return found ? [h("div", { class: "notice is-bad", role: "alert" }, h("strong", {}, found.message), `　${found.mend ?? ""}。`)] : [];
  }

  tabs() {
    if (!this.store.outbox.tabs.second) return [];
    return [h("div", { class: "notice", role: "status" }, "这台设备的另一个标签页也打开了评分表。两边的打分会合在一起送达，但请关掉一个，以免看错。")];
  }

  /** What a tablet without the seat still has to deliver. */
  get waits() {
    const { waiting } = this.store.outbox;
    return waiting ? `这台平板上还没送达的 ${waiting} 处打分照常送出。` : "";
  }

  seat() {
    const { alive } = this;
    if (alive.holds) return null;
    return h("div", { class: "notice is-bad", role: "alert", "data-seat": "" }, h("strong", {}, "这个席位已在另一台平板上继续"), `（${alive.other}）。这里不再接受新的打分，以免两边不一样。`, h("span", { "data-seat-waits": "" }, this.waits),
      h("p", { class: "notice-buttons" }, h("button", { type: "button", class: "side-button", onclick: () => alive.take() }, "在这台平板上继续")));
  }

  /** The host's message to all judges, until the judge has read it. */
  notice() {
    const { notice } = this.store.doc;
    if (!notice || kept.get("compete.notice") === String(notice.id)) return null;
    const read = () => {
      kept.set("compete.notice", String(notice.id));
      this.store.changed();
    };
    return h("div", { class: "notice", role: "status" }, h("strong", {}, `会务通知 ${notice.at}：`), notice.text,
      h("p", { class: "notice-buttons" }, h("button", { type: "button", class: "side-button", onclick: read }, "知道了")));
  }

  unkept() {
    if (this.store.outbox.keep.safe) return [];
    return [h("div", { class: "notice is-bad", role: "alert" }, h("strong", {}, "这台设备不能保存打分"),
      "（可能是无痕模式，或存储空间已满）。没有送达的打分只在这一页里，关闭或刷新就会丢失。请先换用普通窗口或另一台设备；若要继续，请每评一项都看到“已送达”。")];
  }

  /** On the list only: what concerns the device, not an entry. */
  get device() {
    const found = this.left.map(({ name, count }) => h("div", { class: "notice is-bad", role: "status" },
      h("strong", {}, `这台平板上还存着${name || "另一位评委"}的 ${count} 处未送达的打分。`), "请他在这台平板上重新扫卡登录，就会自动送达。"));
    if (mustBeTold()) {
      const box = h("div", { class: "notice", role: "status" }, "这台平板不能由网页保持亮屏。请在系统设置的“显示”里，把“自动锁定”（或“休眠”）改为“永不”，以免打分中途黑屏。黑屏不会丢分。",
        h("p", { class: "notice-buttons" }, h("button", { type: "button", class: "side-button", onclick: () => (wasTold(), box.remove()) }, "知道了")));
      found.push(box);
    }
    return found;
  }
}

/** What is on stage, one touch away; `here`: the entry that is open. */
export function stageBar(store, session, here) {
  const entry = store.onStage(session);
  if (!entry || entry === here) return null;
  const words = [h("span", {}, "台上："), h("b", {}, here ? short(entry) : named(entry))];
  if (!store.due(session).includes(entry)) return h("p", { class: "stage-bar" }, words, h("span", {}, `（您${WORDS[entry.state]}）`));
  return h("a", { class: "stage-bar", href: `#${session.id}/${entry.id}` }, words, h("span", { "aria-hidden": "true" }, " ›"));
}
