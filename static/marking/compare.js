// The judge's own earlier marks beside the present ones: totals in order, and per criterion least, mean and most.

import { h, short } from "./dom.js";
import { format, ratio } from "./numbers.js";

/** The judge's other complete sheets of the session. */
function others(store, session, entry) {
  return store.due(session).filter((other) => other !== entry)
    .map((other) => ({ entry: other, ...store.sheet(session, other) })).filter((other) => other.total.complete);
}

export function ownMarks(store, session, entry, code) {
  const values = others(store, session, entry).map((other) => other.marks[code]).filter((units) => units !== undefined); // a shared mark may stand elsewhere
  if (values.length < 2) return "";
  const sum = values.reduce((all, value) => all + BigInt(value), 0n);
  const mean = ratio(sum, BigInt(values.length) * 10000n, 1);
  return `您的其他 ${values.length} 项：${format(Math.min(...values))} 到 ${format(Math.max(...values))}，平均 ${mean}`;
}

export function strip(store, session, entry) {
  const found = others(store, session, entry);
  if (!found.length) return null;
  const here = store.sheet(session, entry).total;
  const all = found.map((other) => ({ name: short(other.entry), sum: other.total.sum }));
  if (here.complete) all.push({ name: short(entry), sum: here.sum, here: true });
  all.sort((a, b) => (a.sum < b.sum ? 1 : a.sum > b.sum ? -1 : 0));
  return h("section", { class: "box compare", "aria-label": "与您自己的其他打分比较" }, h("h2", {}, "您的打分，从高到低"),
    h("ol", {}, all.map((row) => h("li", { class: row.here ? "is-here" : null }, h("span", {}, row.here ? `本项 ${row.name}` : row.name), h("b", {}, ratio(row.sum, session.denominator))))));
}
