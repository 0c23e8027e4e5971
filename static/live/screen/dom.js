// Making elements. Text always goes in as text.

export function el(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const child of children.flat()) if (child || child === 0) made.append(child);
  return made;
}

// Names in a row: none is broken in two, and 、 stands at no line's start.
export function names(list, between = "、") {
  return list.flatMap((name, place) => [el("span", "whole", place < list.length - 1 ? `${name}${between}` : name), "\u200b"]);
}

// The class that gives a text its size: the longer, the smaller. `steps` are the most characters of each size.
export function fit(text, ...steps) {
  const length = [...text].reduce((sum, sign) => sum + (sign.charCodeAt(0) < 128 ? 0.55 : 1), 0);
  const at = steps.findIndex((most) => length <= most);
  return `fit-${at < 0 ? steps.length : at}`;
}

const SVG = "http://www.w3.org/2000/svg";

export function qr(code, label) {
  const box = document.createElementNS(SVG, "svg");
  box.setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
  box.setAttribute("class", "qr");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", label);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", code.size], ["height", code.size], ["class", "qr-ground"]]) ground.setAttribute(name, value);
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", code.path);
  modules.setAttribute("class", "qr-ink");
  box.append(ground, modules);
  return box;
}

// Comes into view `after` ms from now; at once when that is past. CSS does the moving, so nothing runs in between.
export function appear(node, after, kind = "rise") {
  if (after > -600) {
    node.classList.add(kind);
    node.style.setProperty("--after", `${Math.round(after)}ms`);
  }
  return node;
}

// 07 of 7; a blind entry by its code.
export function called(entry) {
  return entry.code ?? String(entry.number).padStart(2, "0");
}

export function head(doc, title, aside = "") {
  return el("header", "head", el("p", "contest", doc.contest), el("div", "head-line", el("h2", "head-title", title), aside && el("p", "head-aside", aside)));
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
