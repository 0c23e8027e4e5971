// Ticks of the preview are kept on the server as they are set, so that paging loses none.
import { tickAll } from "./list.js";
import { bars } from "./drop.js";

const form = document.querySelector("form[data-ticks]");
let waiting = null;

async function save() {
  waiting = null;
  const answer = await fetch(form.dataset.ticks, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const counts = await answer.json();
  form.querySelector("[data-taken]").textContent = counts.taken;
  const wrong = form.querySelector("[data-taken-wrong]");
  if (wrong) wrong.textContent = counts.taken_wrong;
}

if (form?.querySelector("[data-taken]")) {
  form.addEventListener("change", (event) => {
    if (event.target.name !== "take") return;
    clearTimeout(waiting);
    waiting = setTimeout(save, 250);
  });
  // Leaving for another page of the preview waits for the last tick.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest(".pages a, .chips a");
    if (!link || waiting === null) return;
    event.preventDefault();
    clearTimeout(waiting);
    await save();
    location.href = link.href;
  });
}
export { bars, tickAll };
