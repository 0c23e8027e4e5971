// 亮分: judge by judge, then what is dropped, then the total. The moment of the command says how far the show is, so that a
// second screen, or one that is opened late, stands where the others stand.

import { appear, called, calm, el, fit, head, names } from "./dom.js";

const BEGIN = 900;
const WHOLE = 7000; // a long panel is shown faster
const EACH = 800;
const PAUSE = 900;

export function draw(doc, now) {
  const { body } = doc;
  const since = body.calm || calm.matches ? Infinity : now - doc.at;
  const each = Math.min(EACH, WHOLE / body.judges.length);
  const dropAt = BEGIN + body.judges.length * each + PAUSE;
  const struck = body.judges.some((judge) => judge.struck);
  const totalAt = dropAt + (struck ? PAUSE * 1.6 : 0);
  const judges = body.judges.map((judge, place) => card(judge, BEGIN + place * each - since, dropAt - since));
  const list = el("ol", `judges${judges.length > 9 ? " many" : judges.length > 7 ? " several" : ""}`, judges);
  if (body.judges.some((judge) => [...judge.name].length > 5)) list.classList.add("long-names");
  if (body.judges.some((judge) => judge.mark.length > 5)) list.classList.add("wide-marks");
  list.style.setProperty("--judges", judges.length > 9 ? Math.ceil(judges.length / 2) : judges.length);
  const entry = body.entry;
  const who = el("div", "score-entry", el("p", "number", called(entry)),
    el("div", "", entry.title && el("p", `score-title ${fit(entry.title, 16, 28)}`, entry.title), entry.organization && el("p", "unit", entry.organization)));
  const sums = [body.penalty && `${body.part}得分 ${body.score}　${body.penalty.startsWith("-") ? "扣分" : "加分"} ${body.penalty.replace(/^-/, "")}`,
    body.by_criterion && "各评分项分别去掉最高分、最低分"].filter(Boolean);
  const total = el("div", "total", el("p", "total-label", body.penalty ? "最后得分" : `${body.part}得分`), el("p", "total-figure", body.total),
    sums.length ? el("p", "total-note", sums.join("　")) : "");
  const place = body.place && el("p", "total-place", body.place.startsWith("不计") ? body.place : `暂列${body.place}`);
  return el("section", "score", head(doc, body.event, [body.stage, body.part].filter(Boolean).join(" · ")), who, list,
    el("div", "total-line", appear(total, totalAt - since), place && appear(place, totalAt + PAUSE - since)), seal(body));
}

function card(judge, after, dropAfter) {
  const mark = el("p", "judge-mark", judge.mark || "—");
  const note = judge.note && el("p", "judge-note", judge.note);
  const made = el("li", `judge use-${judge.use}`, el("p", "judge-name", judge.name ? names(judge.name.match(/[^·]+·?/g) ?? [judge.name], "") : `${judge.seat}号评委`), mark, note || el("p", "judge-note", "\u00a0"));
  if (judge.struck) {
    const line = el("del", "", judge.mark);
    mark.replaceChildren(line);
    if (dropAfter > -600) {
      made.classList.add("striking");
      made.style.setProperty("--drop", `${Math.round(dropAfter)}ms`);
    }
  }
  return appear(made, after);
}

export function seal(body) {
  const release = body.release ? `第 ${body.release.number} 号发布 · 指纹 ${body.release.digest}` : `第 ${body.showing} 次亮出 · 指纹 ${body.digest}`;
  return el("footer", "foot", el("p", "seal", release), el("p", "page-at"));
}
