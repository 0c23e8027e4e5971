// The end of a session: the judge's own sheets with totals, their digest, and the signature.

import { WORDS } from "./desk.js";
import { h, named } from "./dom.js";
import { Drawing } from "./drawing.js";
import { ratio } from "./numbers.js";

export function showSigning(context, session) {
  const { store } = context;
  const main = h("main", { id: "main", tabindex: "-1", class: "list signing" },
    h("header", { class: "entry-head" }, h("a", { class: "back", href: `#${session.id}` }, "‹ 列表"), h("h1", { tabindex: "-1" }, "核对并签名"), context.delivery()), ...context.banners.nodes);
  const body = h("div", { class: "entry-body" }, h("p", { class: "loading" }, "正在读取清单……"));
  main.append(body);
  load(context, session).then((list) => body.replaceChildren(...show(context, session, list)), () =>
    body.replaceChildren(h("p", { class: "notice is-bad", role: "alert" }, "暂时连不上服务器，签名需要联网。网络恢复后请再打开这一页。")));
  return main;

  async function load() {
    await settled(store);
    const answer = await fetch(`/judge/api/sessions/${session.id}/list`, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }
}

/** The list is read after everything has been delivered; waiting ends with the first failure. */
async function settled(store) {
  store.outbox.poke(0);
  for (let turn = 0; turn < 20 && store.outbox.items.size; turn += 1) await new Promise((resolve) => setTimeout(resolve, 250));
  if (store.outbox.items.size) throw new Error("undelivered");
}

function show(context, session, list) {
  const { store } = context;
  const judge = store.doc.judge;
  const rows = list.rows.map(([id, state, total]) => ({ entry: store.entry(session, id), state, total }));
  const table = h("table", { class: "box sign-table" }, h("caption", {}, `${session.event} · ${session.part} · ${session.name}，共 ${rows.length} 张评分表`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "参赛对象"), h("th", { scope: "col" }, "状态"), h("th", { scope: "col", class: "num" }, "总分"))),
    h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, named(row.entry)), h("td", {}, WORDS[row.state]),
      h("td", { class: "num" }, row.total === null ? "—" : ratio(BigInt(row.total), session.denominator))))));
  const digest = h("p", { class: "quiet" }, "清单指纹 ", h("span", { class: "digest" }, list.digest.slice(0, 16)), "，签名只对这份清单有效。");
  if (list.missing) return [table, h("p", { class: "notice is-wait" }, `还有 ${list.missing} 张评分表没有提交，全部提交后才能签名。`)];
  if (session.signed?.digest === list.digest) return [h("p", { class: "notice is-good", role: "status" }, `${judge.name} 已于 ${session.signed.at} 签名确认。`), table, digest];
  return [table, digest, form(context, session, list)];
}

function form(context, session, list) {
  const { store } = context;
  const judge = store.doc.judge;
  const complain = (text) => {
    error.textContent = text;
    if (text) name.setAttribute("aria-invalid", "true");
    else name.removeAttribute("aria-invalid");
  };
  const drawing = new Drawing({ label: "手写签名框", changed: () => complain("") });
  const name = h("input", { id: "sign-name", type: "text", autocomplete: "off", maxlength: "60", "aria-describedby": "sign-error" });
  const error = h("p", { id: "sign-error", class: "door-error", role: "alert" });
  const button = h("button", { class: "main-button" }, "确认签名");
  const node = h("form", { class: "box sign-form", "data-busy": "", novalidate: true }, h("h2", {}, `请 ${judge.name} 在框内手写签名`), drawing.node,
    h("label", { for: "sign-name" }, "或者输入您的姓名"), name, error, button);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const said = await send({ digest: list.digest, drawing: drawing.path || null, name: name.value.trim() });
    button.disabled = false;
    if (!said.digest) return complain(`${said.message ?? said.error}。${said.mend ?? ""}`);
    session.signed = { at: said.at, digest: said.digest };
    node.removeAttribute("data-busy");
    store.changed();
    scrollTo(0, 0);
  });
  return node;

  async function send(body) {
    try {
      const answer = await fetch(`/judge/api/sessions/${session.id}/sign`, {
        method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRFToken": context.token }, body: JSON.stringify(body),
      });
      return await answer.json();
    } catch {
      return { message: "暂时连不上服务器，还没有签名", mend: "网络恢复后请再按一次" };
    }
  }
}
