// Questions that need a deliberate answer: handing a sheet in, and choosing between two versions of it.

import { h, named } from "./dom.js";
import { open } from "./modal.js";
import { ratio, total } from "./numbers.js";

const shown = (criterion, units) => (units === null || units === undefined ? "—" : criterion.word(units));

/** All marks once more; nothing is handed in before the second, deliberate touch. */
export function askSubmit({ session, entry, sheet, criteria, confirm, jump }) {
  const missing = criteria.filter((criterion) => !criterion.shared && sheet.marks[criterion.code] === undefined);
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "submit-title" });
  const close = (then) => () => {
    dialog.close();
    then?.();
  };
  const heading = h("h2", { id: "submit-title" }, missing.length ? `还差 ${missing.length} 项没有打分` : "核对后提交");
  if (missing.length) {
    dialog.append(heading, h("p", {}, "点一下就回到那一项。零分请明确打 0。"),
      h("ul", { class: "missing" }, missing.map((criterion) => h("li", {}, h("button", { type: "button", class: "side-button", onclick: close(() => jump(criterion)) }, criterion.name)))),
      h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "side-button", onclick: close() }, "返回")));
    return open(dialog);
  }
  const hand = h("button", { type: "button", class: "main-button", onclick: close(confirm) }, "确认提交");
  const zeros = criteria.filter((criterion) => !criterion.levels && sheet.marks[criterion.code] === 0);
  dialog.append(h("div", { class: "dialog-head" }, heading, h("p", { class: "dialog-entry" }, named(entry), h("small", {}, `　共 ${criteria.length} 项`))),
    h("table", {}, h("tbody", {}, criteria.map((criterion) => h("tr", {}, h("th", { scope: "row" }, criterion.name), h("td", {}, shown(criterion, sheet.marks[criterion.code])))))),
    sheet.comment && h("p", { class: "quiet" }, `评语：${sheet.comment}`),
    h("div", { class: "dialog-foot" },
      zeros.length > 0 && h("p", { class: "notice" }, `有 ${zeros.length} 项是零分：${zeros.map((criterion) => criterion.name).join("、")}。`),
      h("p", { class: "dialog-total" }, "总分 ", h("b", {}, ratio(sheet.total.sum, session.denominator))),
      h("p", { class: "quiet" }, "提交后不能再改，除非总评委退回。"),
      h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "side-button", onclick: close() }, "返回修改"), hand)));
  return open(dialog, [hand]);
}

/** Signing out of this tablet: never by one touch, and not while nobody could come in again. */
export function askLeave({ store }, form) {
  const { waiting } = store.outbox;
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "leave-title" });
  const told = h("p", { class: "reason", role: "alert" });
  const out = h("button", { type: "button", class: "main-button" }, "退出");
  out.addEventListener("click", async () => {
    out.disabled = true;
    try {
      await fetch("/judge/api/desk", { cache: "no-store", credentials: "same-origin" });
      form.submit();
    } catch {
      told.textContent = "现在连不上服务器，退出以后这里打不开评分表。请等网络恢复再退出。";
      out.disabled = false;
    }
  });
  dialog.append(h("h2", { id: "leave-title" }, `在这台平板上退出“${store.doc.judge.name}”？`),
    h("p", {}, "再进来要扫评委卡、输密码。已送达的打分不受影响。"),
    waiting ? h("p", { class: "notice" }, `还有 ${waiting} 处没有送达，退出以后留在这台平板里，您再在这里扫卡进来才会送出。`) : "", told,
    h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "side-button", onclick: () => dialog.close() }, "不退出"), out));
  return open(dialog, [out]);
}

/** Another device of the same judge was faster: both versions side by side. */
export function askConflict({ session, sheet, criteria, resolve }) {
  const { held } = sheet.item.refused;
  const mine = { ...held.marks, ...sheet.item.marks };
  const other = held.marks;
  const sums = [mine, other].map((marks) => total(session, marks));
  const summed = (sum) => (sum.complete ? ratio(sum.sum, session.denominator) : "—");
  const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "conflict-title" });
  const choose = (keepMine) => () => {
    dialog.close();
    resolve(keepMine);
  };
  const differ = criteria.filter((criterion) => (mine[criterion.code] ?? null) !== (other[criterion.code] ?? null));
  const row = (name, left, right) => h("tr", { class: left === right ? null : "differs" }, h("th", { scope: "row" }, name), h("td", {}, left), h("td", {}, right));
  const { comment, submit } = sheet.item;
  const theirs = h("button", { type: "button", class: "side-button", onclick: choose(false) }, "用另一处的分数");
  const ours = h("button", { type: "button", class: "main-button", onclick: choose(true) }, "用这里的分数");
  dialog.append(h("h2", { id: "conflict-title" }, "两处的分数不一样"),
    h("p", {}, "另一台设备（或另一个页面）也改过这张评分表。请选择保留哪一份。"),
    h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, "这里"), h("th", { scope: "col" }, "另一处"))),
      h("tbody", {}, differ.map((criterion) => row(criterion.name, shown(criterion, mine[criterion.code]), shown(criterion, other[criterion.code]))),
        row("总分", summed(sums[0]), summed(sums[1])))),
    differ.length < criteria.length ? h("p", { class: "quiet" }, `其余 ${criteria.length - differ.length} 项两处相同。`) : "",
    comment !== undefined && comment !== held.comment ? h("dl", { class: "differs" }, h("dt", {}, "这里的评语"), h("dd", {}, comment || "—"), h("dt", {}, "另一处的评语"), h("dd", {}, held.comment || "—")) : "",
    submit ? h("p", { class: "notice" }, "您在这里按过“提交”：用这里的分数，就提交这一份；用另一处的，还要再按一次“提交”。") : "",
    h("div", { class: "dialog-buttons" }, theirs, ours));
  return open(dialog, [theirs, ours]);
}
