// The host's console: shows what the server holds, sends each press once, counts the clock between two answers.

const hall = document.getElementById("hall");
// By addresses with their digest: a module that changed is never taken from the browser's store.
const { audible, ring, wake } = await import(hall.dataset.bell);
const { FORGOTTEN, face, owed, points, reached, remaining } = await import(hall.dataset.dial);
const form = document.getElementById("press");
const line = document.getElementById("line");
const sound = document.getElementById("sound");
let live = JSON.parse(document.getElementById("live").textContent);
let offset = live.now - Date.now(); // the server's clock minus this device's
let nearest = Infinity; // the shortest way of an answer that set it
let busy = false;
let lost = 0;
let rung = null;
let armed = { until: 0 }; // the button that was pressed once and asks whether it is meant

const now = () => Date.now() + offset;

// What the page shows

function learn(answer, sent) {
  const told = Number(answer.headers.get("X-Now"));
  const way = (performance.now() - sent) / 2;
  if (!told) return;
  // The answer that came quickest knows the time best; slowly forgotten, so that a clock that is set is followed.
  if (way <= nearest * 1.2 || Math.abs(told + way - now()) > 2000) {
    nearest = way;
    offset = told + way - Date.now();
  } else nearest *= 1.05;
}

function show(told) {
  if (told.revision < live.revision) return; // an answer that was overtaken
  live = told;
  form.elements.seen.value = live.revision;
  for (const [name, html] of Object.entries(told.html)) replace(document.querySelector(`[data-region="${name}"]`), html);
  tick();
  if (document.getElementById("order").open) loadOrder();
}

function replace(region, html) {
  if (region.shown === html) return;
  const active = document.activeElement;
  const typing = region.contains(active) && /^(INPUT|TEXTAREA)$/.test(active.tagName);
  if (typing) return; // what is being typed stays; the next answer brings the rest
  const focus = region.contains(active) ? active.id : "";
  const open = [...region.querySelectorAll("details[open]")].map((box) => box.id);
  region.innerHTML = html;
  region.shown = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focus) document.getElementById(focus)?.focus();
  const asked = armed.until > performance.now() && document.getElementById(armed.id);
  if (asked && region.contains(asked) && asked.dataset.sure === armed.sure) arm(asked, armed.until);
}

function tick() {
  const time = document.getElementById("dial-time");
  const { clock } = live;
  if (!time || clock.phase === "over" || clock.phase === "idle") return;
  const dial = document.getElementById("dial");
  const text = face(clock, now());
  if (time.textContent !== text) time.textContent = text;
  const mark = reached(clock, live.warnings, now());
  const running = clock.started_at !== null;
  dial.classList.toggle("is-near", mark !== null && mark > 0);
  dial.classList.toggle("is-over", mark === 0 && remaining(clock, now()) < 0);
  const cost = owed(clock, live.overtime, now());
  const words = mark === 0 ? (-remaining(clock, now()) >= FORGOTTEN ? "像是忘了停表" : cost ? `已超时，现在结束应扣 ${points(cost)} 分` : "已到时间") : mark ? `不到 ${mark} 秒` : clock.allotted_ms ? (running ? "剩余" : "未走时") : "不限时";
  const word = document.getElementById("dial-word");
  if (word.textContent !== words) word.textContent = words;
  document.getElementById("mute").hidden = !running || !clock.allotted_ms || !sound.checked || audible();
  bell(clock, mark, running);
}

// Rings once when a mark is passed while the page watches; never for one that was passed before.
function bell(clock, mark, running) {
  const turn = `${live.session}:${clock.phase}:${clock.started_at}:${clock.allotted_ms}`;
  if (rung?.turn === turn && rung.mark !== mark && running && mark !== null && sound.checked) ring(mark === 0 ? 3 : 1);
  rung = { turn, mark };
}

setInterval(tick, 100);

// Asking

async function ask() {
  if (!busy) {
    const sent = performance.now();
    try {
      const answer = await fetch(hall.dataset.state, { headers: { "If-None-Match": `"${live.tag}"` }, cache: "no-store", signal: AbortSignal.timeout?.(8000) });
      if (answer.status === 401 || answer.redirected) return tell("登录已失效，请刷新页面重新登录", "bad");
      if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
      learn(answer, sent);
      if (answer.status === 200 && !busy) show(await answer.json());
      if (lost) tell("又连上了", "good");
      lost = 0;
    } catch {
      lost += 1;
      if (lost > 1 && !busy) tell("网络断开，正在重连。时间照常走，评委的打分都在平板上", "bad");
    }
  }
  setTimeout(ask, document.hidden ? 5000 : lost ? 2000 : 1200);
}

let fading = 0;
function tell(text, kind) {
  line.textContent = text;
  line.className = `line line-${kind}`;
  clearTimeout(fading);
  if (kind === "good") fading = setTimeout(() => { line.textContent = ""; }, 4000);
}

// Pressing: one at a time, each with its own mark, repeated until it is answered, so that nothing happens twice.

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (!button || busy || nervous(button) || unsure(button)) return;
  send(button, new FormData(form, button));
});

// A second tap on the same place right after the first was answered is the same tap: 开始 must not become 暂停.
let last = { id: "", at: -Infinity };
const nervous = (button) => button.id === last.id && !["longer", "shorter"].includes(button.id) && performance.now() - last.at < 600;

function unsure(button) {
  if (!button.dataset.sure || button.classList.contains("is-sure")) return false;
  arm(button, performance.now() + 4000);
  return true;
}

// Asks whether it is meant, until then; judges who hand in meanwhile renew the buttons, the question stays.
function arm(button, until) {
  const words = button.innerHTML;
  armed = { id: button.id, sure: button.dataset.sure, until };
  button.classList.add("is-sure");
  button.textContent = button.dataset.sure;
  setTimeout(() => {
    if (!button.isConnected) return;
    button.classList.remove("is-sure");
    button.innerHTML = words;
  }, until - performance.now());
}

async function send(button, data) {
  const { id, value: what } = button;
  const words = button.textContent.trim();
  busy = true;
  armed = { until: 0 };
  hall.classList.add("is-busy");
  data.set("touch", `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`);
  const body = new URLSearchParams(data);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    if (attempt) {
      tell(`网络断开，正在重试“${words}”（第 ${attempt} 次）。不会重复执行`, "bad");
      await new Promise((wake) => setTimeout(wake, Math.min(500 * 2 ** attempt, 4000)));
    }
    const sent = performance.now();
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(10000) });
      if (answer.status >= 500) continue;
      learn(answer, sent);
      if (!(answer.headers.get("Content-Type") ?? "").includes("json")) {
        tell("登录已失效或页面停留太久，请刷新页面", "bad");
        break;
      }
      const told = await answer.json();
      // Also what is open or typed in goes, except after a refusal.
      if (answer.ok) {
        for (const box of hall.querySelectorAll(".ask[open]")) box.removeAttribute("open");
        if (what.startsWith("announce")) document.getElementById("text").value = "";
        document.activeElement?.blur?.();
      }
      live.revision = Math.min(live.revision, told.revision);
      show(told);
      tell(told.said ?? told.problem, answer.ok ? "good" : "bad");
      lost = 0;
      break;
    } catch {
      if (attempt === 7) tell(`“${words}”没有送到，请检查网络后看清台上情况再按`, "bad");
    }
  }
  busy = false;
  last = { id, at: performance.now() };
  hall.classList.remove("is-busy");
}

// The whole order, when it is opened

const order = document.getElementById("order");
order.addEventListener("toggle", () => { if (order.open) loadOrder(); });
async function loadOrder() {
  try {
    const answer = await fetch(hall.dataset.order, { headers: { "X-Piece": "1" }, cache: "no-store" });
    if (answer.ok) replace(order.querySelector("[data-order-list]"), await answer.text());
  } catch { /* the next change asks again */ }
}

// Keys and sounds

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  const key = event.key.toLowerCase();
  const button = key === "+" || key === "=" ? document.getElementById("longer") : key === "-" ? document.getElementById("shorter") : hall.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  wake();
  form.requestSubmit(button);
});
document.addEventListener("pointerdown", wake);
document.getElementById("try-sound").addEventListener("click", () => { wake(); ring(1); });
// A browser that keeps nothing still rings.
const kept = (work) => { try { return work(); } catch { return null; } };
sound.checked = kept(() => localStorage.getItem("bell")) !== "off";
sound.addEventListener("change", () => kept(() => localStorage.setItem("bell", sound.checked ? "on" : "off")));
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });

// The screen of the phone stays on where the browser can (secure origins).
const awake = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
document.addEventListener("visibilitychange", awake);
awake();

// On a phone held sideways the clock comes before the ways to other pages; not while somebody types above a keyboard.
const low = matchMedia("(max-height: 500px)");
const clockFirst = () => low.matches && !/^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName) && document.querySelector(".stage").scrollIntoView({ behavior: "instant" });
low.addEventListener("change", clockFirst);
clockFirst();
tick();
setTimeout(ask, 600);
hall.dataset.ready = ""; // from here on the buttons are the script's; before, they send the form
