// 抽签: turn by turn from the moment of the draw, then the whole order.

import { calm, el, fit, head } from "./dom.js";
import { long, paged, turn } from "./pages.js";

const WHOLE = 45_000; // a long field is shown faster
const SLOWEST = 1500;

export function draw(doc) {
  const { body } = doc;
  const top = head(doc, `${body.event} · ${body.session}`, "出场顺序抽签");
  if (body.draw === null) {
    return el("section", "draw", top, el("div", "laurel", el("p", "wait-text", "等待抽签"), el("p", "wait-more", `${body.count} 个参赛对象 · 请当众报出种子`)));
  }
  const line = (step) => el("li", "row order-row", el("span", "turn", String(step.turn)), el("span", "number", step.item), el("span", "what", el("span", `title ${long(step.title)}`, step.title)));
  const order = paged(body.steps, 8, line);
  order.classList.add("draw-order");
  const reveal = el("div", "laurel draw-reveal", el("p", "turn-line"), el("p", "draw-number"), el("p", "draw-title"), el("p", "current-unit"));
  return el("section", "draw list", top, reveal, order, el("footer", "foot", el("p", "seal", `种子 ${body.seed}`), el("p", "page-at")));
}

// How many turns are told at this moment; all of them when the show is over.
export function told(doc, now) {
  const { steps, drawn_at: drawnAt } = doc.body;
  const since = now - Math.max(drawnAt, doc.at);
  const each = Math.min(SLOWEST, WHOLE / steps.length);
  return calm.matches ? steps.length + 1 : Math.floor(Math.max(0, since) / each) + 1;
}

export function tick(root, doc, now) {
  const { body } = doc;
  if (body.draw === null) return;
  const at = told(doc, now);
  const over = at > body.steps.length;
  const reveal = root.querySelector(".draw-reveal");
  reveal.hidden = over;
  root.querySelector(".draw-order").hidden = !over;
  if (over) return turn(root, doc, now);
  const step = body.steps[at - 1];
  if (reveal.dataset.at === String(at)) return;
  reveal.dataset.at = at;
  const texts = { ".turn-line": `第 ${step.turn} 个出场`, ".draw-number": step.item, ".draw-title": step.title, ".current-unit": step.organization };
  for (const [name, text] of Object.entries(texts)) reveal.querySelector(name).textContent = text;
  reveal.querySelector(".draw-title").className = `draw-title ${fit(step.title, 14, 26)}`;
  reveal.classList.remove("rise");
  void reveal.offsetWidth; // starts the movement again
  reveal.classList.add("rise");
}
