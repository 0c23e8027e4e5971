// Long lists in pages that turn by the server's clock: two screens of one list always show the same page.

import { el } from "./dom.js";

export const STAY = 9000; // ms a page stays

export const onPhone = () => document.documentElement.dataset.kind === "audience";

const MANY = 5; // pages of one column; a longer list is shown in two columns

// {columns, rows, pages}: how a list of so many lines is laid out in the hall. Phones scroll instead.
export function layout(count, most = 8) {
  if (onPhone()) return { columns: 1, rows: Math.max(count, 1), pages: 1 };
  const columns = count > most * MANY ? 2 : 1;
  const pages = Math.max(1, Math.ceil(count / (columns * most)));
  const rows = pages > 1 ? most : Math.max(Math.ceil(count / columns), Math.min(most, 5));
  return { columns, rows, pages };
}

export function pageAt(doc, now, pages) {
  if (doc.body.page) return Math.min(doc.body.page, pages) - 1;
  return Math.floor(Math.max(0, now - doc.at) / STAY) % pages;
}

// The list as pages of which one is visible; `line` makes a row of an item.
export function paged(items, most, line) {
  const { columns, rows, pages } = layout(items.length, most);
  const found = Array.from({ length: pages }, (_, page) => {
    const here = items.slice(page * columns * rows, (page + 1) * columns * rows);
    const list = el("ol", `rows columns-${columns}`, here.map(line));
    list.style.setProperty("--rows", rows);
    list.dataset.page = page;
    return list;
  });
  return el("div", "paged", found);
}

export function turn(root, doc, now) {
  const lists = [...root.querySelectorAll("[data-page]")];
  const at = pageAt(doc, now, lists.length);
  for (const list of lists) {
    const here = Number(list.dataset.page) === at;
    if (list.hidden === here) list.hidden = !here;
  }
  const told = root.querySelector(".page-at");
  const text = lists.length > 1 ? `${at + 1} / ${lists.length}` : "";
  if (told && told.textContent !== text) told.textContent = text;
}

// A long title in a list stands in two smaller lines; `most`: how many characters one line of full size holds.
export function long(title, most = 20) {
  const length = [...(title ?? "")].length;
  return length > most * 2.5 ? "long longer" : length > most ? "long" : "";
}
