// Files are dropped into the box or chosen; the name shows at once. Long uploads show a moving bar.
for (const box of document.querySelectorAll("[data-drop]")) {
  const input = box.querySelector("input[type=file]");
  const text = box.querySelector("[data-drop-text]");
  const before = text.textContent;
  box.classList.add("has-script");
  for (const name of ["dragenter", "dragover"]) box.addEventListener(name, () => box.classList.add("is-over"));
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("is-over"));
  input.addEventListener("change", () => {
    text.textContent = input.files.length ? `已选择：${input.files[0].name}` : before;
  });
}

// A file dropped beside the box must not replace the page.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (!event.target.closest?.("[data-drop]")) event.preventDefault();
  });
}

export function bars() {
  for (const form of document.querySelectorAll("form[data-bar]")) {
    form.addEventListener("submit", (event) => {
      // Buttons that do something else with the same form are quick: no bar, no "importing".
      if (event.submitter?.hasAttribute("formaction")) {
        form.removeAttribute("data-progress");
        return;
      }
      const bar = form.querySelector(".bar");
      bar.hidden = false;
      window.addEventListener("pageshow", () => (bar.hidden = true), { once: true });
    });
  }
}

bars();
