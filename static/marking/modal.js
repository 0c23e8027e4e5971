// Dialogs that nothing opens or answers by accident: back closes the dialog and nothing else; a button that decides something
// takes no touch in the first moment and does not lie under the finger that opened it.

const CALM = 400; // a double tap is over by then

let finger = null; // where the last touch was
addEventListener("pointerdown", (event) => (finger = { x: event.clientX, y: event.clientY, at: event.timeStamp }), { capture: true, passive: true });

/** Shows the dialog. `deciding`: the buttons that decide something. */
export function open(dialog, deciding = []) {
  document.body.append(dialog);
  for (const button of deciding) button.disabled = true;
  // A place of its own in the history, for back to leave; what an earlier dialog left over is used again.
  if (!history.state?.dialog) history.pushState({ dialog: true }, "");
  const back = () => dialog.close();
  addEventListener("popstate", back);
  dialog.addEventListener("close", () => {
    removeEventListener("popstate", back);
    dialog.remove();
  });
  dialog.showModal();
  // What is asked is read from its head: the first button may stand far below, out of the sight of its table.
  const head = dialog.querySelector("h2");
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
  dialog.scrollTop = 0;
  stepAside(dialog, deciding);
  setTimeout(() => deciding.forEach((button) => (button.disabled = false)), CALM);
  return dialog;
}

/** No deciding button under the finger: the buttons change places, or the dialog moves up. */
function stepAside(dialog, deciding) {
  const row = deciding[0]?.closest(".dialog-buttons");
  if (!row || !covered(deciding)) return;
  row.classList.add("is-swapped");
  if (covered(deciding)) dialog.classList.add("is-aside");
}

function covered(buttons) {
  const near = 24;
  if (!finger || performance.now() - finger.at > 2000) return false;
  return buttons.some((button) => {
    const box = button.getBoundingClientRect();
    return finger.x > box.left - near && finger.x < box.right + near && finger.y > box.top - near && finger.y < box.bottom + near;
  });
}
