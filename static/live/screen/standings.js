// 成绩榜: a frozen copy that says how far it goes.

import { called, el, head } from "./dom.js";
import { long, paged, turn } from "./pages.js";
import { seal } from "./score.js";

export function draw(doc) {
  const { body } = doc;
  const upTo = body.release ? `全部 ${body.shown} 项` : `截至第 ${body.shown} 项 · 第 ${body.through} 次亮出`;
  const line = (row) => {
    const tied = row.place_text.startsWith("并列");
    const place = /第 (.+) 名/.exec(row.place_text)?.[1] ?? "—";
    return el("li", `row place-${place}`, el("span", "place", place, tied && el("span", "tied", "并列")), el("span", "number", called(row.entry), row.entry.code ? "" : el("span", "of", "号")),
      el("span", "what", el("span", `title ${long(row.entry.title, row.tier ? 9 : 12)}`, row.entry.title ?? ""), el("span", "unit", row.entry.organization ?? "")),
      row.tier && el("span", "tier", row.tier), el("span", "figure", row.score));
  };
  const more = !body.release && body.shown < body.of ? el("p", "frozen", `还有 ${body.of - body.shown} 项未亮分，名次会变`) : "";
  return el("section", "list standings", head(doc, `${body.event}${body.stage ? ` · ${body.stage}` : ""}成绩榜${body.part ? ` · ${body.part}` : ""}`, upTo), paged(body.lines, 8, line), more, seal(body));
}

export const tick = turn;
