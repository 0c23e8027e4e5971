// 公众投票: the code to scan while it runs, the counts where they are released for the hall.

import { el, head, qr } from "./dom.js";
import { long, onPhone } from "./pages.js";

const STATES = { draft: "即将开始", open: "投票中", closed: "投票已结束" };

export function draw(doc) {
  const { body } = doc;
  const people = el("p", "vote-people", el("strong", "", String(body.ballots)), " 人已投票");
  const code = body.qr && onPhone() ? ballot(body.qr.address) : body.qr && el("figure", "vote-code", qr(body.qr, "投票页的二维码"), el("figcaption", "", body.most > 1 ? `手机扫码，最多选 ${body.most} 项` : "手机扫码，选 1 项"));
  const aside = body.shown ? "投票结果" : STATES[body.state];
  if (!body.lines) {
    return el("section", "vote", head(doc, body.name), el("div", "vote-call", code, el("div", "vote-words", el("p", "wait-text", STATES[body.state]), body.state !== "draft" && people)));
  }
  const top = Math.max(1, ...body.lines.map((line) => line.votes));
  const row = (line) => {
    const bar = el("span", "vote-fill");
    bar.style.setProperty("--share", line.votes / top);
    return el("li", "vote-row", el("span", "number", String(line.number).padStart(2, "0")), el("span", `title ${long(line.title, code ? 11 : 16)}`, line.title), el("span", "vote-bar", bar), el("span", "figure", String(line.votes)));
  };
  const more = body.of > body.lines.length && el("p", "", `票数最多的 ${body.lines.length} 项，共 ${body.of} 项`);
  const foot = el("footer", "foot", people, more, body.shown && el("p", "seal", `第 ${body.shown.number} 次亮出 · ${body.shown.digest}`));
  return el("section", `vote${code ? " with-code" : ""}`, head(doc, body.name, aside), el("div", "vote-call", el("ol", "vote-rows", body.lines.map(row)), code), foot);
}

// Nobody can scan the own phone: there the way to the ballot is a link.
function ballot(address) {
  const made = el("a", "ballot-link", "去投票");
  made.href = address;
  return made;
}
