// What has not been delivered: shown sheet by sheet, and carried over by hand as a file where the network stays away.

import { h } from "./dom.js";
import { open } from "./modal.js";
import { format } from "./numbers.js";
import { showFrames } from "./qr-show.js";
import { reason } from "./states.js";

/** The dialog behind the words of delivery. */
export function showDelivery({ store }) {
  const { outbox } = store;
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "delivery-title" });
  const button = (text, then, name = "side-button") => h("button", { type: "button", class: name, onclick: then }, text);
  const close = button("关闭", () => dialog.close(), "main-button");
  let shown = "";
  const fill = () => {
    const items = [...outbox.items.values()];
    const now = JSON.stringify([store.delivery, reason(outbox), items]);
    if (now === shown) return; // a button under the finger stays where it is
    shown = now;
    const words = items.length
      ? [h("p", {}, outbox.kept ? "下面的打分存在这台设备上，还没有送到服务器。连上网络后会自动送达，不用重打。" : "下面的打分还没有送到服务器，这台设备也存不下，只在这一页里。送达或导出之前，请不要关闭或刷新页面。"),
          reason(outbox) && h("p", { class: "reason" }, reason(outbox)),
          h("ul", { class: "parcels" }, items.map((item) => h("li", {}, h("b", {}, item.label ?? `第 ${item.entry} 号`), ` ${content(item)}`, item.refused && h("span", { class: "quiet" }, `${item.refused.message}。${item.refused.mend ?? ""}`)))),
          h("p", { class: "quiet" }, "一直送不出去时，可以导出成文件，用 U 盘等交给会务人员导入；或者用二维码，让会务的笔记本来扫。导出以后这里的也不会丢，重复送达不会重复计分。")]
      : [h("p", {}, store.late ? `${store.late} 张评分表的打分送到时已不能直接收下，转交总评委处理，没有丢。打开那一项可以看到原因和结果。` : "打过的分都已存进服务器。")];
    dialog.replaceChildren(h("h2", { id: "delivery-title" }, store.delivery.text), ...words.filter(Boolean),
      h("div", { class: "dialog-buttons" }, items.length > 0 && button("立即再发送", () => store.refresh().then(() => outbox.poke(0))),
        items.length > 0 && button("导出未送达的打分", () => download(store)),
        items.length > 0 && button("用二维码送达", () => showFrames(parcel(store))), close));
  };
  fill();
  store.addEventListener("delivery", fill);
  dialog.addEventListener("close", () => {
    store.removeEventListener("delivery", fill);
    store.changed();
  });
  open(dialog);
}

function content(item) {
  const marks = Object.keys(item.marks).length;
  return [marks && `${marks} 项打分`, (item.comment || item.remarked) && "评语", item.submit && "提交"].filter(Boolean).join("、");
}

/** The file: what goes over the wire, with the names of the criteria beside it for people. */
export function parcel(store) {
  const { contest, judge } = store.doc;
  const sheets = [...store.outbox.items.values()].map((item) => ({
    entry: item.entry, part: item.part, revision: item.revision, rubric: item.rubric, marks: item.marks, comment: item.comment, submit: item.submit,
    earlier: store.outbox.attempted(item.key), label: item.label, read: readable(item),
  }));
  const about = "评委平板上未送达的打分。请交给会务人员，在“评分 → 导入未送达的打分”中导入。";
  return { format: "compete-marks", version: 1, about, contest: { id: contest.id, name: contest.name }, judge: { id: judge.id, name: judge.name }, device: store.outbox.client, sheets };
}

function readable(item) {
  const names = {};
  for (const card of document.querySelector(`#form-${item.part}`)?.content.querySelectorAll(".jf-card") ?? []) names[card.dataset.code] = card.querySelector(".jf-name").textContent;
  return Object.fromEntries(Object.entries(item.marks).map(([code, units]) => [names[code] ?? code, units === null ? "取消打分" : format(units)]));
}

function download(store) {
  const found = parcel(store);
  const url = URL.createObjectURL(new Blob([JSON.stringify(found, null, 1)], { type: "application/json" }));
  const link = h("a", { href: url, download: `未送达的打分-${found.judge.name}-${found.device}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
