// A screen: shows what its document says, changes without reload, and goes on with the last content when the line is cut.

import { el, qr } from "./dom.js";
import { Link } from "./link.js";
import * as ceremony from "./ceremony.js";
import * as current from "./current.js";
import * as draw from "./draw.js";
import * as order from "./order.js";
import * as plain from "./plain.js";
import * as score from "./score.js";
import * as standings from "./standings.js";
import * as vote from "./vote.js";

const SCENES = { black: plain.black, message: plain.message, order, current, score, standings, ceremony, draw, vote };
const WAITING = {
  score: "请稍候，即将亮分", standings: "成绩榜稍后显示", ceremony: "颁奖即将开始", order: "出场顺序稍后公布", current: "请稍候", draw: "等待抽签", vote: "投票即将开始",
};
const ALIVE = 20_000;
const TICK = 250;

const main = document.querySelector("main");
const stage = document.getElementById("stage");
const invite = document.getElementById("invite");
const dot = document.getElementById("dot");
const { kind, preview } = main.dataset;
document.documentElement.dataset.kind = kind;

let shown = null; // the document on the screen
let root = null;
let scene = plain.black;

function put(doc) {
  if (!doc.screen) return gone();
  const earlier = shown;
  shown = doc;
  document.documentElement.dataset.theme = doc.screen.theme;
  document.documentElement.dataset.scene = doc.scene;
  scene = doc.body.waiting ? plain.waiting(WAITING[doc.scene] ?? "") : SCENES[doc.scene];
  root = scene.draw(doc, link.now(), earlier);
  root.classList.add("scene");
  if (earlier && earlier.scene !== doc.scene) root.classList.add("fresh");
  stage.replaceChildren(root);
  if (doc.rehearsal) stage.append(el("p", "rehearsal", "彩排 · 不计成绩"));
  invite.replaceChildren(...(doc.invite ? [qr(doc.invite, "观众手机页的二维码"), el("p", "", "手机扫码同看")] : []));
  tick();
  shrink();
}

// A scene that holds more than the display, such as four winners of nine people each, is drawn smaller as a whole.
function shrink() {
  const { style } = document.documentElement;
  style.removeProperty("--size");
  if (kind === "audience" || !root?.isConnected) return;
  root.classList.add("measured"); // what moves into view is measured where it comes to stand
  for (let size = 0.97; size > 0.45 && spills(); size -= 0.03) style.setProperty("--size", size.toFixed(2));
  root.classList.remove("measured");
}

function spills() {
  const all = (names) => [...root.querySelectorAll(names)];
  return [root, ...all(".winners, .judges, .laurel")].some((box) => box.scrollHeight > box.clientHeight + 1)
    || all(".winner, .judge").some((box) => box.scrollWidth > box.clientWidth + 1);
}

function tick() {
  if (shown) scene.tick?.(root, shown, link.now());
}

function gone() {
  shown = null;
  document.documentElement.dataset.scene = "message";
  stage.replaceChildren(el("div", "scene wait", el("p", "wait-text", "这块屏幕已移除"), el("p", "wait-more", "请向现场工作人员要新的地址")));
  invite.replaceChildren();
}

const every = preview ? 2000 : kind === "audience" ? 2500 : 500;
const link = new Link(main.dataset.state, every, { put, gone, lost: (cut) => (dot.hidden = !cut) });

link.run();
setInterval(tick, TICK);
window.addEventListener("online", () => link.run());
window.addEventListener("resize", shrink);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (link.run(), stayAwake()));

// The console shows whether a display is on. Previews and phones do not count.
function alive() {
  fetch(main.dataset.alive, { method: "POST", headers: { "X-CSRFToken": main.dataset.token } }).catch(() => {});
}
if (kind === "hall" && !preview) {
  alive();
  setInterval(alive, ALIVE);
}

// Browsers keep a display awake only on a secure origin; elsewhere the display's own setting must.
async function stayAwake() {
  try {
    if (!preview) await navigator.wakeLock?.request("screen");
  } catch {
    // Refused, for example with a low battery: nothing to do about it from here.
  }
}
stayAwake();

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}
if (kind === "hall" && !preview) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey) fullScreen();
  });
  document.addEventListener("click", () => !document.fullscreenElement && fullScreen());
  let still;
  const move = () => {
    document.documentElement.classList.remove("still");
    clearTimeout(still);
    still = setTimeout(() => document.documentElement.classList.add("still"), 3000);
  };
  document.addEventListener("pointermove", move);
  move();
}
