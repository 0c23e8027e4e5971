// A box at the head of a column ticks all boxes of that name on the page.
export function tickAll() {
  for (const head of document.querySelectorAll("[data-tick-all]")) {
    const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${head.dataset.tickAll}"]`)];
    const show = () => {
      const all = boxes();
      const ticked = all.filter((box) => box.checked).length;
      head.checked = all.length > 0 && ticked === all.length;
      head.indeterminate = ticked > 0 && ticked < all.length;
      head.disabled = all.length === 0;
    };
    head.addEventListener("change", () => {
      for (const box of boxes()) box.checked = head.checked;
      boxes()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
    });
    document.addEventListener("change", (event) => event.target.name === head.dataset.tickAll && show());
    show();
  }
}

tickAll();
