// 当前参赛对象: who is on stage and the clock, which goes on by itself.

import { called, el, fit, head } from "./dom.js";

const PHASES = { idle: "候场", speech: "陈述", questions: "提问", over: "结束" };

export function draw(doc) {
  const { body } = doc;
  const title = `${body.event} · ${body.session}`;
  const next = body.next && el("footer", "foot", el("p", "", "下一位　", el("span", "number", called(body.next)), `　${body.next.title ?? ""}`));
  if (!body.entry) {
    return el("section", "current", head(doc, title), el("div", "current-main", el("p", "wait-text", "请稍候")), next);
  }
  const entry = body.entry;
  const about = el("div", "current-entry", el("p", "turn-line", `第 ${body.turn} 个出场`), el("p", `current-number ${fit(called(entry), 3, 5, 8)}`, called(entry)),
    entry.title && el("p", `current-title ${fit(entry.title, 12, 20, 34, 56)}`, entry.title), entry.organization && el("p", "current-unit", entry.organization));
  const clock = body.clock.phase === "idle" ? "" : el("div", "clock", el("p", "clock-phase"), el("p", "clock-time"), el("p", "clock-note"));
  if (clock) {
    clock.setAttribute("role", "timer");
    clock.setAttribute("aria-live", "off");
  }
  return el("section", `current${clock ? " with-clock" : ""}`, head(doc, title), el("div", "current-main", about, clock), next);
}

export function tick(root, doc, now) {
  const clock = root.querySelector(".clock");
  if (!clock) return;
  const told = reading(doc.body.clock, now);
  clock.dataset.state = told.state;
  put(clock.querySelector(".clock-phase"), told.phase);
  put(clock.querySelector(".clock-time"), told.time);
  put(clock.querySelector(".clock-note"), told.note);
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// What the clock says: {phase, time, note, state: "run" | "stand" | "warn" | "over" | "end"}.
export function reading(clock, now) {
  if (!clock.allotted_ms) return untimed(clock, now);
  const left = clock.allotted_ms - clock.ran_ms - (clock.started_at === null ? 0 : Math.max(0, now - clock.started_at));
  const phase = PHASES[clock.phase] ?? "";
  if (clock.phase === "over") return { phase, time: left < 0 ? `+${minutes(-left)}` : "", note: left < 0 ? "超时" : "", state: left < 0 ? "over" : "end" };
  if (left < 0) return { phase, time: `+${minutes(-left)}`, note: "超时", state: "over" };
  const stands = clock.started_at === null;
  const warned = (clock.warnings ?? []).filter((seconds) => left <= seconds * 1000).sort((one, other) => one - other)[0];
  const note = stands ? (clock.ran_ms ? "暂停" : "") : warned ? `最后 ${warned % 60 ? `${warned} 秒` : `${warned / 60} 分钟`}` : "";
  return { phase, time: minutes(Math.ceil(left / 1000) * 1000), note, state: warned ? "warn" : stands ? "stand" : "run" };
}

// Without limit: the clock counts up.
function untimed(clock, now) {
  const ran = clock.ran_ms + (clock.started_at === null ? 0 : Math.max(0, now - clock.started_at));
  return { phase: PHASES[clock.phase] ?? "", time: clock.phase === "over" ? "" : minutes(ran), note: "", state: clock.phase === "over" ? "end" : clock.started_at === null ? "stand" : "run" };
}

function minutes(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
