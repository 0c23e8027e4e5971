// The judge's sessions: entries in running order with state and own total, the next one to mark, the list to sign.

import { stageBar } from "./banners.js";
import { hands, letters } from "./comfort.js";
import { WORDS, waitsForChief } from "./desk.js";
import { askLeave } from "./dialogs.js";
import { h, named, short } from "./dom.js";
import { ratio } from "./numbers.js";

const MARKS = { none: "○", draft: "…", submitted: "✓", locked: "✓", returned: "↩", recused: "⊘", absent: "⊘", ruled: "⊘" };

export function showList(context, session) {
  const { store } = context;
  const judge = store.doc.judge;
  const main = h("main", { id: "main", tabindex: "-1", class: "list" });
  main.append(h("header", { class: "list-head" },
    h("div", {}, h("p", { class: "quiet" }, store.doc.contest.name), h("h1", { tabindex: "-1" }, judge.name, h("small", {}, judge.chief ? " 总评委" : " 评委"))),
    context.delivery()), ...context.banners.nodes, ...context.banners.device);
  if (!session) {
    main.append(h("div", { class: "box" }, h("h2", {}, "还没有安排您的场次"), h("p", {}, "组织者把您编入评委组后，这里会出现要评的参赛对象。请稍候，页面会自动更新。")));
  } else {
    if (store.doc.sessions.length > 1) main.append(sessionTabs(context, session));
    main.append(overview(context, session), rows(context, session));
  }
  main.append(foot(context));
  return main;
}

function sessionTabs({ store }, current) {
  return h("nav", { class: "tabs", "aria-label": "场次" }, store.doc.sessions.map((session) =>
    h("a", { href: `#${session.id}`, "aria-current": session === current ? "page" : null }, session.event,
      h("small", {}, `${session.name} · ${store.done(session).length}/${store.due(session).length}`))));
}

function overview(context, session) {
  const { store } = context;
  const [done, due] = [store.done(session).length, store.due(session).length];
  const closed = store.closed(session);
  const staged = store.onStage(session);
  const next = staged && store.editable(session, staged) ? staged : store.next(session);
  const begun = next && store.sheet(session, next).total.given > 0;
  const box = h("section", { class: "box overview", "aria-label": "进度" },
    h("p", { class: "quiet" }, `${session.event} · ${session.part} · ${session.name}${session.deadline ? ` · 截止 ${session.deadline}` : ""}`),
    h("p", { class: "progress-words" }, "已提交 ", h("b", {}, done), ` / ${due}`),
    h("progress", { max: Math.max(due, 1), value: done, "aria-label": `已提交 ${done}，共 ${due}` }));
  const returned = store.due(session).filter((entry) => entry.state === "returned");
  if (returned.length) box.append(h("div", { class: "notice is-wait" }, `${returned.map(short).join("、")} 被退回，请打开查看理由并重新提交。`,
    h("p", { class: "notice-buttons" }, returned.map((entry) => h("a", { class: "side-button", href: `#${session.id}/${entry.id}` }, `打开 ${short(entry)}`)))));
  if (closed) box.append(h("p", { class: "notice is-wait" }, `${closed}。`));
  if (staged && staged !== next) box.append(stageBar(store, session));
  if (next && store.editable(session, next)) {
    const verb = next === staged ? "台上" : begun ? "继续" : done ? "下一个" : "开始";
    box.append(h("a", { class: "main-button", href: `#${session.id}/${next.id}` }, `${verb}：${named(next)}`));
  } else if (next && store.notCalled(session, next) && !closed) box.append(h("p", { class: "notice is-wait", role: "status" }, "请等主持人叫到下一项。"));
  if (due && done === due) box.append(signing(session));
  return box;
}

function signing(session) {
  if (session.signed) {
    return h("div", {}, h("p", { class: "notice is-good" }, `您已于 ${session.signed.at} 签名确认，本场评分完成。谢谢！`),
      h("a", { class: "side-button", href: `#${session.id}/sign` }, "查看已签的清单"));
  }
  return h("div", {}, h("p", {}, "全部评完了。最后一步：核对自己的分数，签名确认。"), h("a", { class: "main-button", href: `#${session.id}/sign` }, "核对并签名"));
}

function rows({ store }, session) {
  return h("ol", { class: "rows", "aria-label": "参赛对象，按出场顺序" }, session.entries.map((entry) => {
    const sheet = store.sheet(session, entry);
    const state = sheet.submitting ? "submitted" : sheet.state;
    const words = sheet.submitting ? "已提交，待送达" : WORDS[state];
    const out = ["recused", "ruled", "absent"].includes(state);
    const shown = sheet.total.complete && !out ? ratio(sheet.total.sum, session.denominator) : "—";
    const waits = sheet.item && !sheet.submitting ? h("small", { class: "waits" }, sheet.item.refused && sheet.item.refused.fate !== "wait" ? "未能送达" : "待发送") : waitsForChief(entry) ? h("small", { class: "waits" }, "转交总评委") : null;
    const inside = [
      h("b", { class: "row-label" }, entry.label),
      h("span", { class: "row-title" }, entry.title || h("span", { class: "quiet" }, "匿名评审"), entry.organization && h("small", {}, entry.organization),
        out && entry.note && h("small", {}, entry.note)),
      h("span", { class: `badge is-${state}` }, h("span", { "aria-hidden": "true" }, MARKS[state]), ` ${words}`, waits),
      h("b", { class: "row-total", "aria-label": shown === "—" ? "还没有总分" : `总分 ${shown}` }, shown),
    ];
    return h("li", { class: out ? "is-out" : null }, out ? h("div", { class: "row" }, inside) : h("a", { class: "row", href: `#${session.id}/${entry.id}` }, inside));
  }));
}

function foot(context) {
  const { store, settings, token } = context;
  const leave = (event) => {
    event.preventDefault();
    askLeave(context, event.target);
  };
  return h("footer", { class: "list-foot" }, letters(), hands(),
    store.doc.judge.chief && h("a", { class: "side-button", href: settings.chief }, "总评委：查看全场"),
    h("form", { method: "post", action: settings.leave, onsubmit: leave }, h("input", { type: "hidden", name: "csrf_token", value: token }),
      h("button", { class: "side-button" }, `我不是${store.doc.judge.name}`)));
}
