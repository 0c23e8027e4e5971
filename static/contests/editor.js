// The scheme editor with live sums. Every figure is an integer (1/10000 of a percent or point, fen), as on the server.
// Adding, moving and removing rows is the server's work: the form is sent, and what comes back takes its place.

const UNIT = 10000;
const WHOLE = 100 * UNIT;

// "8.5", "８．５" or "" as an integer; null when it is not a number.
export function units(text, places = 4) {
  const plain = text.normalize("NFKC").replace("。", ".").replace(/[,\s%元]/g, "");
  if (plain === "") return 0;
  const match = /^([0-9]{1,12})(?:\.([0-9]+))?$/.exec(plain);
  if (!match || (match[2] || "").length > places) return null;
  return Number(match[1]) * 10 ** places + Number((match[2] || "").padEnd(places, "0"));
}

export function show(value, places = 4) {
  const whole = Math.trunc(value / 10 ** places);
  const rest = String(value % 10 ** places).padStart(places, "0").replace(/0+$/, "");
  return rest ? `${whole}.${rest}` : String(whole);
}

export function yuan(fen) {
  const whole = String(Math.trunc(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(fen % 100).padStart(2, "0")}`;
}

const form = () => document.getElementById("editor");
const value = (key, name) => form().elements.namedItem(`${key}-${name}`)?.value ?? "";
const rowsBelow = (box) => [...box.children].map((node) => node.dataset.row).filter(Boolean);

function tell(key, text, wrong) {
  const line = key === "money" ? document.getElementById("money") : form().querySelector(`[data-sum-of="${key}"]`);
  if (!line) return;
  // Only a changed text is announced by a screen reader.
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("wrong", wrong);
  line.classList.toggle("right", !wrong && text !== "");
}

function gap(sum) {
  return sum < WHOLE ? `还差 ${show(WHOLE - sum)}` : `多出 ${show(sum - WHOLE)}`;
}

// Where marks are added up as they are, or the total is a figure of its own, weights need not add up to a whole.
function withoutWhole(box) {
  if (box.dataset.sum === "parts") return Boolean(form().elements.namedItem("head-more_total")?.value);
  const part = box.closest(".part")?.dataset.row;
  return !["", "hundred"].includes(value(part, "more_scale"));
}

function sumWeights(box) {
  const keys = rowsBelow(box);
  const key = box.dataset.rowOf;
  if (!keys.length || withoutWhole(box)) return tell(key, "", false);
  const weights = keys.map((row) => units(value(row, "weight")));
  if (weights.includes(null)) return tell(key, "权重里有不是数字的内容", true);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (box.dataset.sum === "child" && sum === 0) return sumMaxima(key, keys);
  tell(key, sum === WHOLE ? "权重合计 100" : `权重合计 ${show(sum)}，${gap(sum)}`, sum !== WHOLE);
}

// Children without weights add up by their points.
function sumMaxima(key, keys) {
  const maxima = keys.map((row) => units(value(row, "maximum")));
  const whole = units(value(key, "maximum"));
  if (maxima.includes(null) || whole === null) return tell(key, "满分里有不是数字的内容", true);
  const sum = maxima.reduce((a, b) => a + b, 0);
  const right = sum === whole;
  const off = sum < whole ? `还差 ${show(whole - sum)}` : `多出 ${show(sum - whole)}`;
  tell(key, right ? `下级满分合计 ${show(sum)}` : `下级满分合计 ${show(sum)}，${off}`, !right);
}

const ROUND = {
  half_up: (top, bottom) => Math.floor((2 * top + bottom) / (2 * bottom)),
  floor: (top, bottom) => Math.floor(top / bottom),
  ceil: (top, bottom) => Math.ceil(top / bottom),
};

function sumMoney() {
  const { field, elsewhere, budget } = form().dataset;
  let total = 0, winners = 0;
  const tiers = rowsBelow(form().querySelector(".tiers"));
  for (const key of tiers) {
    const isRatio = value(key, "quota_kind") === "ratio";
    const quota = units(value(key, "quota"), isRatio ? 2 : 0);
    const prize = units(value(key, "prize"), 2);
    if (quota === null || prize === null) return tell("money", "名额或奖金里有不是数字的内容", true);
    const count = isRatio ? ROUND[value(key, "rounding")](Number(field) * quota, UNIT) : quota;
    winners += count;
    total += count * prize;
  }
  if (!tiers.length) return tell("money", "", false);
  let text = `获奖 ${winners} 个，奖金 ${yuan(total)} 元`;
  let wrong = false;
  if (budget !== "") {
    const all = total + Number(elsewhere);
    wrong = all > Number(budget);
    text += Number(elsewhere) ? `；全竞赛 ${yuan(all)} 元` : "";
    text += wrong ? `，超出预算 ${yuan(all - Number(budget))} 元` : `，预算还余 ${yuan(Number(budget) - all)} 元`;
  }
  if (Number(field) && winners > Number(field)) {
    wrong = true;
    text += `；多于参赛对象 ${field} 个`;
  }
  tell("money", text, wrong);
}

function sumAll() {
  form().querySelectorAll("[data-sum]").forEach(sumWeights);
  sumMoney();
}

async function ask(what) {
  const data = new FormData(form());
  data.set("do", what);
  const answer = await fetch(form().action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("editor");
}

// One request after the other: a click while one is under way waits for it.
let queue = Promise.resolve();

function change(what) {
  queue = queue.then(async () => {
    const folds = (root) => [...root.querySelectorAll("details[data-fold]")];
    const name = (node) => `${node.parentElement.closest("[data-row]")?.dataset.row ?? ""} ${node.dataset.fold}`;
    const open = new Set(folds(form()).filter((node) => node.open).map(name));
    const fresh = await ask(what);
    if (!fresh) return window.location.reload(); // signed out meanwhile
    form().replaceWith(fresh);
    for (const node of folds(form())) if (open.has(name(node))) node.open = true;
    start();
    focusOn(fresh.dataset.focus, what);
    changed();
  }).catch(() => {
    const state = document.getElementById("state");
    if (state) state.textContent = "连接不上服务器，请检查网络后再试";
  });
}

function focusOn(key, what) {
  const row = key && form().querySelector(`[data-row="${key}"]`);
  if (!row) return;
  const again = what.startsWith("add") ? null : row.querySelector(`button[value="${what}"]`);
  (again || row.querySelector("input:not([type=hidden]), select")).focus();
  row.scrollIntoView({ block: "nearest" });
}

let timer = 0;
function refreshPreview() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    queue = queue.then(async () => {
      const fresh = await ask("refresh");
      const preview = fresh?.querySelector("#preview");
      if (preview) document.getElementById("preview").replaceWith(preview);
    }).catch(() => {});
  }, 400);
}

let unsaved = false;
function changed() {
  unsaved = true;
  const state = document.getElementById("state");
  if (state) state.textContent = "有未保存的改动";
}

function start() {
  form().classList.add("live");
  sumAll();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#editor [data-op]");
  if (!button) return;
  event.preventDefault();
  change(button.value);
});

document.addEventListener("input", (event) => {
  if (!event.target.closest("#editor")) return;
  changed();
  sumAll();
});

document.addEventListener("change", (event) => {
  if (!event.target.closest("#editor")) return;
  // What kind a part is decides which settings it has; each chosen rule says what it means.
  if (/^p\d+-(kind|rule|below_minimum)$/.test(event.target.name) || event.target.name === "head-promotes") return change("show");
  if (event.target.matches("select, input[type=checkbox]") && event.target.closest(".rule")) return change("show");
  refreshPreview();
});

// Alt+↑ and Alt+↓ move the row in which one is writing.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const row = event.target.closest("#editor [data-row]");
  const verb = event.key === "ArrowUp" ? "up" : "down";
  if (row?.querySelector(`:scope > .criterion-line [value="${verb}:${row.dataset.row}"]`)) {
    event.preventDefault();
    change(`${verb}:${row.dataset.row}`);
  }
});

document.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

if (form()) {
  start();
  if (form().dataset.dirty || form().dataset.unsaved) changed(); // the page came back with problems
}
