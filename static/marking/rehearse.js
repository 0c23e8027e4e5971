// 彩排: “自动试评” marks entry after entry through the page's own controls, so that tablet, Wi-Fi, outbox and server are really
// tried. Loaded in rehearsals only.

import { context, started } from "./main.js";

const PACE = 500; // between two touches: quick for a judge, slow enough to watch
const button = document.querySelector("[data-auto]");
let running = false;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A number from 0 to below 1 that is the same for the same judge, entry and criterion: two runs are alike. */
function chance(...words) {
  let hash = 2166136261;
  for (const letter of words.join("/")) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return ((hash >>> 8) % 1000) / 1000;
}

/** The session and entry to mark next: where marks are taken now; what is on stage first. */
function next(store) {
  for (const session of store.doc.sessions) {
    const done = new Set(store.done(session));
    const open = store.due(session).filter((entry) => !done.has(entry) && store.editable(session, entry));
    const entry = open.find((one) => one.id === session.stage?.entry) ?? (session.stage?.only ? undefined : open[0]);
    if (entry) return { session, entry };
  }
  return null;
}

async function mark({ session, entry }) {
  context.go(session.id, entry.id);
  await pause(PACE);
  const judge = context.store.doc.judge.id;
  for (let n = 0; running; n += 1) {
    const card = document.querySelectorAll(".jf-card")[n]; // looked up anew: the page may have been drawn again meanwhile
    if (!card) break;
    touch(card, chance(judge, entry.id, card.dataset.code));
    await pause(PACE);
  }
  if (!running) return;
  if (context.store.sheet(session, entry).total.complete) context.store.submit(session, entry);
  await pause(PACE);
}

/** A quick value, or one and a step from it. */
function touch(card, luck) {
  const quick = [...card.querySelectorAll(".jf-quick button:not(:disabled)")];
  quick[Math.floor(luck * quick.length)]?.click();
  const steps = [...card.querySelectorAll(".jf-step:not(:disabled)")];
  if (!quick.length || luck * 10 % 1 > 0.5) steps[Math.floor(luck * 100) % steps.length]?.click();
}

async function run() {
  const { store } = context;
  while (running) {
    const turn = next(store);
    if (turn) await mark(turn);
    else {
      await store.refresh();
      await pause(PACE * 3);
    }
  }
}

function show() {
  button.setAttribute("aria-pressed", String(running));
  button.textContent = running ? "停止试评" : "自动试评";
}

button.addEventListener("click", async () => {
  running = !running;
  show();
  await started;
  if (running) run();
});
