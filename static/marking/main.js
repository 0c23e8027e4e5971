// Starts the tablet: the desk from the page, the address after # says what is open, everything is drawn again on change.

import { showDelivery as openDelivery } from "./carry.js";
import { announce, h, kept } from "./dom.js";
import { showEntry } from "./entry.js";
import { showList } from "./list.js";
import { showSigning } from "./sign.js";
import { Store } from "./store.js";

const root = document.querySelector("#app");
const token = document.querySelector("meta[name=csrf-token]").content;
export const context = { token, settings: root.dataset, go, delivery };
let store;

document.documentElement.dataset.hand = kept.get("compete.hand", "right");
let open = "";

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
  const place = moved ? null : { top: scrollY, inner: root.querySelector(".entry-body")?.scrollTop ?? 0, focus: document.activeElement?.id };
  open = path;
  let view;
  if (session && what === "sign") view = showSigning(context, session);
  else if (entry) view = showEntry(context, session, entry);
  else view = showList(context, session);
  root.replaceChildren(view);
  if (place) {
    scrollTo(0, place.top);
    root.querySelector(".entry-body")?.scrollTo(0, place.inner);
    if (place.focus) document.getElementById(place.focus)?.focus({ preventScroll: true });
  } else {
    scrollTo(0, 0);
    document.title = `${entry ? `${entry.label} · ` : ""}评分 · 赛评`;
    root.querySelector("h1")?.focus({ preventScroll: true });
  }
}

/** The words of delivery, the same on every view. */
function delivery() {
  const { kind, text } = store.outbox.state;
  return h("button", { type: "button", class: `delivery is-${kind}`, "data-delivery": "", onclick: () => openDelivery(context) }, text);
}

function trouble() {
  const found = store.outbox.trouble;
  return found ? [h("div", { class: "notice is-bad", role: "alert" }, h("strong", {}, found.message), `　${found.mend ?? ""}。`)] : [];
}

let spoken = "已送达";
function showDelivery() {
  if (store.outbox.trouble?.code === "rehearsal_over") return endRehearsal();
  const { kind, text } = store.outbox.state;
  for (const node of document.querySelectorAll("[data-delivery]")) {
    node.textContent = text;
    node.className = `delivery is-${kind}`;
  }
  // 待发送 comes and goes with every touch; a screen reader hears only what stays.
  clearTimeout(draw.timer);
  draw.timer = setTimeout(() => {
    const now = store.outbox.state.text;
    if (now !== spoken) announce((spoken = now));
  }, 1500);
  document.querySelector("[data-trouble]")?.replaceChildren(...trouble());
  document.querySelector("[data-tabs]")?.replaceChildren(secondTab());
}

function secondTab() {
  return store.outbox.tabs.second ? h("div", { class: "notice", role: "status" }, "这台设备的另一个标签页也打开了评分表。两边的打分会合在一起送达，但请关掉一个，以免看错。") : "";
}

/** What the judge must know beside the words of delivery. */
context.trouble = () => [h("div", { "data-trouble": "" }, ...trouble()), h("div", { "data-tabs": "" }, secondTab()), ...unkept()];

function unkept() {
  if (store.outbox.keep.safe) return [];
  return [h("div", { class: "notice is-bad", role: "alert" }, h("strong", {}, "这台设备不能保存打分"),
    "（可能是无痕模式，或存储空间已满）。没有送达的打分只在这一页里，关闭或刷新就会丢失。请先换用普通窗口或另一台设备；若要继续，请每评一项都看到“已送达”。")];
}

async function start() {
  store = context.store = await Store.open(JSON.parse(document.querySelector("#desk").textContent), token, root.dataset.page === "fresh");
  store.addEventListener("delivery", showDelivery);
  store.addEventListener("change", () => {
    // A view redrawn under the judge's hands would take the dialog or the half-typed mark away.
    if (document.querySelector("dialog[open]") || document.querySelector("[data-busy]")) return;
    draw();
  });
  store.addEventListener("reload", () => location.reload());
  store.addEventListener("rehearsal", () => store.outbox.items.size || location.reload()); // marks of the real contest go out first
  addEventListener("hashchange", draw);
  addEventListener("beforeunload", (event) => {
    if (store.outbox.items.size) event.preventDefault();
  });
  draw();
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
