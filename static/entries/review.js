// The queue by keyboard: J and K move, A approves, R opens the reason for returning.
const items = [...document.querySelectorAll("[data-queue] > li")];
const current = () => items.findIndex((item) => item.contains(document.activeElement));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const index = current();
  const move = { j: index + 1, k: Math.max(index - 1, 0) }[event.key.toLowerCase()];
  if (move !== undefined && items[move]) {
    event.preventDefault();
    items[move].focus();
    items[move].scrollIntoView({ block: "nearest" });
    return;
  }
  if (index < 0) return;
  if (event.key.toLowerCase() === "a") {
    event.preventDefault();
    items[index].querySelector("form[action$='/approve']")?.requestSubmit();
  }
  if (event.key.toLowerCase() === "r") {
    const details = items[index].querySelector("details");
    if (!details) return;
    event.preventDefault();
    details.open = true;
    details.querySelector("input[name=reason]").focus();
  }
});

// Opening a reason puts the cursor into it.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("details.state-form") && event.target.open) event.target.querySelector("input[name=reason]")?.focus();
  },
  true,
);

items[0]?.focus({ preventScroll: true });
