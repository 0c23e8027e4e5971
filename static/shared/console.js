// Small helps on every console page: questions before dangerous actions, no double sending, sortable and searchable tables.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  // A second click must not send twice; downloads leave the page in place, so they stay usable.
  if (form.method === "post" && !form.hasAttribute("data-download")) {
    form.dataset.sent = "1";
    // Usable again after coming back, or when sending was stopped.
    const free = () => delete form.dataset.sent;
    window.addEventListener("pageshow", free, { once: true });
    setTimeout(free, 8000);
    const button = event.submitter;
    if (button && form.hasAttribute("data-progress")) button.textContent = form.dataset.progress;
  }
});

// <select data-submit> sends its form when changed.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A table that scrolls inside its box can be scrolled by keyboard, and says what it is.
function markScrolling() {
  for (const box of document.querySelectorAll(".table-box, .table-scroll, .chart-box")) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (!scrolls || box.hasAttribute("tabindex")) continue;
    const title = box.querySelector("caption") ?? box.closest("section, main")?.querySelector("h2, h1");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `${title?.textContent.trim() ?? ""} 表格`.trim());
  }
}
markScrolling();
window.addEventListener("resize", markScrolling);

// On a phone the contest's way and the tabs scroll sideways: where one stands is in sight, else what is going on.
for (const strip of document.querySelectorAll(".steps, .tabs")) {
  const here = strip.querySelector("[aria-current]") ?? strip.querySelector(".step-open");
  if (!here || strip.scrollWidth <= strip.clientWidth) continue;
  const [outer, inner] = [strip, here].map((node) => node.getBoundingClientRect());
  strip.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

// <button data-print> prints; <button data-copy="#table"> copies a table for Excel.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print],[data-copy]");
  if (!button) return;
  if (button.hasAttribute("data-print")) return window.print();
  const table = document.querySelector(button.dataset.copy);
  const text = [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " ")).join("\t")).join("\n");
  copyText(text);
  button.textContent = "已复制，可在 Excel 中粘贴";
});

// navigator.clipboard is missing on plain HTTP, as in a hall without internet.
function copyText(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// <table data-sortable>: a click on a heading sorts; data-value on a cell gives the sort value.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  for (const heading of table.tHead.rows[table.tHead.rows.length - 1].cells) {
    if (heading.dataset.nosort !== undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sortBy(table, heading));
  }
}

function sortBy(table, heading) {
  const ascending = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const index = heading.cellIndex;
  const value = (row) => row.cells[index]?.dataset.value ?? row.cells[index]?.innerText.trim() ?? "";
  const compare = (a, b) => {
    const [x, y] = [value(a), value(b)];
    const [p, q] = [parseFloat(x.replaceAll(",", "")), parseFloat(y.replaceAll(",", ""))];
    const order = Number.isNaN(p) || Number.isNaN(q) ? x.localeCompare(y, "zh-CN") : p - q;
    return ascending ? order : -order;
  };
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort(compare));
}

// <input data-filter="#table"> hides the rows that do not contain the text.
for (const input of document.querySelectorAll("[data-filter]")) {
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of document.querySelector(input.dataset.filter).tBodies[0].rows) {
      row.hidden = Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted);
    }
  });
}
