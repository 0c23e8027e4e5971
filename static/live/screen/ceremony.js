// 颁奖: one step at a time; the server sends nothing but the step.

import { appear, el, fit, head, names } from "./dom.js";
import { long, paged, turn } from "./pages.js";

export function draw(doc, now, earlier) {
  const { body } = doc;
  const again = earlier?.scene === "ceremony" && earlier.body.phase === body.phase && JSON.stringify(earlier.body) === JSON.stringify(body);
  const since = again ? Infinity : now - doc.at;
  const seal = el("footer", "foot", el("p", "seal", `第 ${body.release} 号发布 · 指纹 ${body.digest}`), el("p", "page-at"));
  return el("section", `ceremony phase-${body.phase}`, ...MADE[body.phase](doc, body, since), seal);
}

const MADE = {
  title: (doc, body, since) => [el("div", "laurel", el("p", "contest", doc.contest), appear(el("p", "ceremony-title", "颁奖典礼"), -since), el("p", "ceremony-event", body.event))],
  end: (doc, body, since) => [el("div", "laurel", appear(el("p", "ceremony-title", "祝贺全体获奖者"), -since), el("p", "ceremony-event", body.event), el("p", "contest", doc.contest))],
  group: (doc, body, since) => [head(doc, body.event), el("div", "laurel", appear(el("p", `group-name ${fit(body.group, 10, 18)}`, body.group), -since), body.prize && el("p", "prize", `奖金 ${body.prize}`))],
  empty: (doc, body, since) => [head(doc, body.event), el("div", "laurel", el("p", "group-name quiet", body.group), appear(el("p", "vacant", "空缺"), 400 - since))],
  entry: (doc, body, since) => [head(doc, body.event, body.group), el("div", `winners count-${body.winners.length}`,
    body.winners.map((winner, place) => appear(el("article", "winner", winner.place && el("p", "winner-place", winner.place),
      el("p", `winner-title ${fit(winner.title, body.winners.length > 1 ? 9 : 12, 20, 34)}`, winner.title), winner.names.length ? el("p", `winner-names ${winner.names.length > 5 ? "many" : ""}`, names(winner.names)) : "",
      el("p", "winner-unit", winner.organization)), place * 300 - since))),
    body.prize && el("p", "prize", `${body.winners.length > 1 ? "各" : ""}奖金 ${body.prize}`)],
  list: (doc, body) => [head(doc, body.event, body.prize ? `奖金 ${body.prize}` : ""), el("p", `group-head ${fit(body.group, 12, 20)}`, body.group, el("span", "count", `${body.winners.length} 项`)),
    paged(body.winners, 7, (winner) => el("li", "row winner-row", el("span", "what", el("span", `title ${long(winner.title)}`, winner.title),
      el("span", "unit", [...names(winner.names), winner.names.length ? "　" : "", el("span", "", winner.organization)])))),
    body.vacant ? el("p", "frozen", `另有 ${body.vacant} 个名额空缺`) : ""],
};

export const tick = turn;
