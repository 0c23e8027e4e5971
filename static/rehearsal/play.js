// The check list is read again while the page is open; the server plays for empty seats as long as the button is on.

const form = document.querySelector("[data-play]");
const on = form.querySelector("[data-on]");
const said = document.querySelector("[data-said]");
const tried = document.querySelector("[data-tried]");
const EVERY = 2000;
let playing = false;

function say(text) {
  if (said.textContent !== text) said.textContent = text;
}

async function play() {
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    const { done, problems } = await answer.json();
    if (problems.length) say(problems.join("；"));
    else say(done ? `刚代评了 ${done} 张评分表` : "空席没有要评的了：请开始一场评分，或等主持人叫下一项");
  } catch {
    say("没有连上服务器，稍后再试");
  }
}

async function renew() {
  try {
    const answer = await fetch("?part=1", { credentials: "same-origin" });
    if (!answer.ok) return location.reload(); // cleared by somebody else
    const { html } = await answer.json();
    // Under the keyboard or the pointer nothing is exchanged.
    if (html !== renew.last && !tried.contains(document.activeElement)) tried.innerHTML = renew.last = html;
  } catch {
    // no network: what stands there stays
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  play().then(renew);
});
on.addEventListener("click", () => {
  playing = !playing;
  on.setAttribute("aria-pressed", String(playing));
  on.textContent = playing ? "停止代评" : "一直代评";
});

async function beat() {
  if (playing) await play();
  if (document.visibilityState === "visible") await renew();
  setTimeout(beat, EVERY);
}
beat();
