// Starts the tablet: the desk from the page, the address after # says what is open, everything is drawn again on change.

import { Alive } from "./alive.js";
import { stayAwake } from "./awake.js";
import { Banners, stageBar } from "./banners.js";
import { showDelivery as openDelivery } from "./carry.js";
import { begin } from "./comfort.js";
import { announce, h } from "./dom.js";
import { showEntry } from "./entry.js";
import { showList } from "./list.js";
import { showSigning } from "./sign.js";
import { Store } from "./store.js";

const root = document.querySelector("#app");
const opened = document.querySelector("meta[name=csrf-token]").content;
/** `token`: the form token of the last scan of the card, which may be newer than this page. */
export const context = { get token() { return store?.outbox.token ?? opened; }, settings: root.dataset, go, delivery, catchUp };
let store;
let alive;
let open = "";
let viewing = "";

begin();

/** go("3"), go("3", 12), go("3", "sign") */
function go(...path) {
  location.hash = path.filter((part) => part !== undefined).join("/");
}

function draw() {
  const path = location.hash.slice(1);
  const [sessionId, what] = path.split("/");
  const session = store.session(sessionId) ?? store.doc.sessions[0];
  const entry = store.entry(session, what);
  const moved = path !== open;
  const place = moved ? null : { top: scrollY, inner: root.querySelector(".entry-body")?.scrollTop ?? 0, focus: document.activeElement?.id, within: root.contains(document.activeElement) };
  open = path;
  viewing = entry && what !== "sign" ? entry.label : "";
  alive?.soon();
  let view;
  stale = false;
  if (session && what === "sign") view = showSigning(context, session);
  else if (entry) view = showEntry(context, session, entry);
  else view = showList(context, session);
  root.replaceChildren(view);
  if (place) {
    scrollTo(0, place.top);
    root.querySelector(".entry-body")?.scrollTo(0, place.inner);
    // Where the focus stood is gone with the old view: a keyboard goes on from the same field, or from the head.
    const again = place.focus ? document.getElementById(place.focus) : null;
    if (again || place.within) (again ?? root.querySelector("h1"))?.focus({ preventScroll: true });
  } else {
    scrollTo(0, 0);
    document.title = `${entry ? `${entry.label} · ` : ""}评分 · 赛评`;
    root.querySelector("h1")?.focus({ preventScroll: true });
  }
}

/** The words of delivery, the same on every view. */
function delivery() {
  const { kind, text } = store.delivery;
  return h("button", { type: "button", class: `delivery is-${kind}`, "data-delivery": "", onclick: () => openDelivery(context) }, text);
}

let spoken = "已送达";
function showDelivery() {
  if (store.outbox.trouble?.code === "rehearsal_over") return endRehearsal();
  const { kind, text } = store.delivery;
  for (const node of document.querySelectorAll("[data-delivery]")) {
    node.textContent = text;
    node.className = `delivery is-${kind}`;
  }
  // 待发送 comes and goes with every touch; a screen reader hears only what stays.
  clearTimeout(draw.timer);
  draw.timer = setTimeout(() => {
    const now = store.delivery.text;
    if (now !== spoken) announce((spoken = now));
  }, 1500);
  context.banners.draw();
  alive.soon();
}

/** What this tablet tells of itself. */
const sign = () => ({ waiting: store.outbox.waiting, refused: store.outbox.refused.length, viewing: viewing.slice(0, 40) });

/** The host called the next one while the judge is typing: only the bar that says so changes. */
function drawStage() {
  const [sessionId, what] = location.hash.slice(1).split("/");
  const session = store.session(sessionId);
  document.querySelector("[data-stage]")?.replaceChildren(stageBar(store, session, store.entry(session, what)) ?? "");
}

/** A view redrawn under the judge's hands would take the dialog or the half-typed mark away. */
const held = () => document.querySelector("dialog[open]") || document.querySelector("[data-busy]");

/** What moved while the judge's hands were on the page is drawn as soon as they let go. */
let stale = false;
function change() {
  stale = Boolean(held());
  if (stale) drawStage();
  else draw();
}

function catchUp() {
  setTimeout(() => stale && change());
}

/** The form no longer takes what the judge is typing: what was typed counts, then the view is drawn anew, from its head, where the reason stands. */
function turn() {
  if (root.contains(document.activeElement)) document.activeElement.blur();
  if (document.querySelector("dialog[open]")) {
    stale = true;
    return;
  }
  draw();
  scrollTo(0, 0);
  root.querySelector(".entry-body")?.scrollTo(0, 0);
}

async function start() {
  store = context.store = await Store.open(JSON.parse(document.querySelector("#desk").textContent), opened, root.dataset.page === "fresh");
  alive = context.alive = new Alive(store.doc.judge.id, context, sign);
  store.holds = alive.holds;
  context.banners = new Banners(store, alive);
  store.addEventListener("delivery", showDelivery);
  store.addEventListener("change", change);
  document.addEventListener("close", catchUp, true);
  store.addEventListener("turned", turn);
  alive.addEventListener("seat", () => {
    store.holds = alive.holds;
    turn();
  });
  let renewing = false; // by itself, and what waits is on the disk: nothing to ask the judge about
  store.addEventListener("reload", () => {
    if (store.outbox.items.size && !store.outbox.kept) return; // what only this page holds is delivered first
    renewing = true;
    location.reload();
  });
  store.addEventListener("rehearsal", () => store.outbox.items.size || location.reload()); // marks of the real contest go out first
  addEventListener("hashchange", draw);
  // What stands after # says what is open here: the link to the main part must not change it.
  document.querySelector(".skip-link").addEventListener("click", (event) => {
    event.preventDefault();
    root.querySelector("main").focus();
  });
  addEventListener("beforeunload", (event) => {
    if (store.outbox.items.size && !renewing) event.preventDefault();
  });
  draw();
  stayAwake();
  openOffline();
}

/** On a secure origin a worker opens this page without the server; on plain HTTP browsers have none. */
async function openOffline() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  try {
    await navigator.serviceWorker.register(root.dataset.worker, { updateViaCache: "none" });
    const { active } = await navigator.serviceWorker.ready;
    const parts = [...document.querySelectorAll("link[rel=modulepreload], link[rel=stylesheet], script[src]")].map((node) => node.href || node.src);
    active.postMessage({ parts });
  } catch {
    // the page works as it does on plain HTTP
  }
}

/** The rehearsal was cleared: nothing of it stays on the tablet, which goes back to the door of the real contest. */
async function endRehearsal() {
  await store.outbox.forget();
  location.replace("/judge/rehearsal-over");
}

export const started = start();
