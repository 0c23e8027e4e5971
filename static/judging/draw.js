// The hall's screen of a draw: waits for it, shows it turn by turn, ends with the whole order.
// With reduced motion the order stands at once; space then steps through the turns by hand.

const main = document.querySelector("main");
const part = Object.fromEntries(["wait", "reveal", "order", "turn", "number", "title", "unit", "key", "list", "seed", "state"].map((id) => [id, document.getElementById(id)]));
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const WHOLE_SHOW = 45_000; // a long field is shown faster, so that the hall waits no longer than this
const SLOWEST = 1500;

let shown = null; // the draw on the screen
let at = -1;
let timer = null;
let tag = "";

function put(state) {
  if (!state.draw || state.draw === shown?.draw) return;
  shown = state;
  part.seed.textContent = `种子 ${state.seed}`;
  part.wait.hidden = true;
  calm ? finish() : replay();
}

function replay() {
  at = -1;
  part.order.hidden = true;
  part.reveal.hidden = false;
  next();
  play();
}

function play() {
  clearInterval(timer);
  timer = setInterval(next, Math.min(SLOWEST, WHOLE_SHOW / shown.steps.length));
}

function stop() {
  clearInterval(timer);
  timer = null;
}

function next() {
  at += 1;
  if (at >= shown.steps.length) return finish();
  const step = shown.steps[at];
  part.order.hidden = true;
  part.reveal.hidden = false;
  part.turn.textContent = `第 ${step.turn} 个出场`;
  part.number.textContent = step.item;
  part.title.textContent = step.title;
  part.unit.textContent = step.unit;
  part.key.textContent = `${step.key}…`;
  part.reveal.classList.remove("fresh");
  void part.reveal.offsetWidth; // starts the animation again
  part.reveal.classList.add("fresh");
}

function finish() {
  stop();
  at = shown.steps.length;
  part.reveal.hidden = true;
  part.order.hidden = false;
  const count = shown.steps.length;
  const rows = [5, 9, 12, 15, 18].find((fits) => count <= fits * (fits < 9 ? 2 : fits < 18 ? 3 : 4));
  part.list.className = rows ? `rows-${rows}` : "";
  part.order.classList.toggle("plain", !rows);
  part.list.replaceChildren(...shown.steps.map(line));
}

function line(step) {
  const row = document.createElement("li");
  for (const [name, text] of [["at", step.turn], ["item", step.item], ["name", step.title]]) {
    const cell = document.createElement("span");
    cell.className = name;
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "f" || event.key === "F") {
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
  }
  if (!shown) return;
  if (event.key === "r" || event.key === "R") calm ? ((at = -1), next()) : replay();
  if (event.key === " ") {
    event.preventDefault();
    if (calm) at >= shown.steps.length ? ((at = -1), next()) : next();
    else if (timer) stop();
    else if (at < shown.steps.length) play();
  }
});

async function ask() {
  try {
    const answer = await fetch(main.dataset.url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.ok) {
      tag = answer.headers.get("ETag") ?? "";
      put(await answer.json());
    }
  } catch {
    // The hall's network comes and goes; the next question follows in two seconds.
  }
  setTimeout(ask, 2000);
}

put(JSON.parse(part.state.textContent));
ask();
