// Keeps the board fresh: asks every three seconds, 304 while nothing changed. Scroll and focus stay where they are.

const box = document.getElementById("board");
const pulse = document.getElementById("pulse");
const EVERY = 3000;
let tag = "";
let failures = 0;

async function ask() {
  if (document.visibilityState === "visible" && !box.querySelector("details[open]")) await fetchBoard();
  setTimeout(ask, EVERY * Math.min(1 + failures, 10));
}

async function fetchBoard() {
  try {
    const answer = await fetch(box.dataset.url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status === 200 && !answer.redirected) {
      tag = answer.headers.get("ETag") ?? "";
      replace(await answer.text());
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    failures = 0;
    const time = new Date().toLocaleTimeString("zh-CN", { hour12: false });
    pulse.textContent = `实时，${time} 核对`;
  } catch {
    failures += 1;
    pulse.textContent = "! 暂时连不上服务器，看板可能不是最新的，正在重试";
  }
}

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  const old = document.getElementById("live");
  const scroller = old.querySelector(".board-box");
  const [x, y] = scroller ? [scroller.scrollLeft, scroller.scrollTop] : [0, 0];
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(document.importNode(fresh, true));
  const box = document.querySelector("#live .board-box");
  box?.scrollTo(x, y);
  if (focused) document.querySelector(`#live a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

setTimeout(ask, EVERY);
