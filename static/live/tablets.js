// The board of tablets renews itself; what was sorted or searched stays so.

const table = document.getElementById("tablets");
const fresh = document.getElementById("fresh");
const find = document.getElementById("find");
const EVERY = 10000;

async function renew() {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout?.(8000) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.getElementById("tablets")) throw new Error("no table");
      table.tBodies[0].replaceChildren(...page.getElementById("tablets").tBodies[0].rows);
      document.getElementById("sums").replaceChildren(...page.getElementById("sums").children);
      const sorted = table.tHead.querySelector("[aria-sort] button");
      sorted?.click();
      sorted?.click();
      find.dispatchEvent(new Event("input"));
      fresh.textContent = "这一页自己更新。";
    } catch {
      fresh.textContent = "网络断开，下面是断开前的情况。";
    }
  }
  setTimeout(renew, EVERY);
}
setTimeout(renew, EVERY);
