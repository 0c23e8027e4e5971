// 出场顺序: the running order in pages, who is on stage and who comes next.

import { called, el, head } from "./dom.js";
import { long, paged, turn } from "./pages.js";

export function draw(doc) {
  const body = doc.body;
  if (!body.rows.length) return el("section", "list", head(doc, `${body.event} · ${body.session}`, "出场顺序"), el("p", "wait-text", "还没有安排参赛对象"));
  const strip = body.now && el("div", "strip", side("台上", "now", body.rows[body.now - 1]), side("下一位", "next", body.rows[body.next - 1]));
  const line = (row) => {
    const state = row.turn === body.now ? "now" : body.now && row.turn === body.next ? "next" : row.had ? "past" : "";
    return el("li", `row order-row ${state}`, el("span", "turn", String(row.turn)), el("span", "number", called(row)),
      el("span", "what", el("span", `title ${long(row.title)}`, row.title ?? ""), el("span", "unit", row.organization ?? "")),
      strip && el("span", "mark", { now: "台上", next: "下一位" }[state]));
  };
  return el("section", "list", head(doc, `${body.event} · ${body.session}`, body.drawn ? "出场顺序" : "参赛对象（尚未抽签）"), strip,
    paged(body.rows, strip ? 7 : 8, line), el("footer", "foot", el("p", "", `共 ${body.rows.length} 项`), el("p", "page-at")));
}

function side(label, kind, row) {
  if (!row) return "";
  return el("div", `strip-side ${kind}`, el("span", "strip-label", label), el("span", "number", called(row)), el("span", `strip-title ${long(row.title, 8)}`, row.title ?? ""));
}

export const tick = turn;
