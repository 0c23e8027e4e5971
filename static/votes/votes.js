// The counts are read again while the vote is open.

const box = document.querySelector("[data-counts]");
const EVERY = 2000;

async function renew() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch("?part=1", { credentials: "same-origin" });
      const { html, state } = await answer.json();
      if (state !== box.dataset.counts) return location.reload(); // somebody else opened or closed it
      if (html !== renew.last && !box.contains(document.activeElement)) box.innerHTML = renew.last = html;
    } catch {
      // no network: what stands there stays
    }
  }
  setTimeout(renew, EVERY);
}
if (box.dataset.counts !== "closed") setTimeout(renew, EVERY);
