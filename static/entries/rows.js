// Adds an empty row to a list of rows without sending the form; without scripts the button asks the server for it.
for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", (event) => {
    const list = document.querySelector(`[data-rows="${button.dataset.add}"]`);
    const rows = list.querySelectorAll("[data-row]");
    if (!rows.length || rows.length >= 40) return;
    event.preventDefault();
    const row = rows[rows.length - 1].cloneNode(true);
    const renumber = (text) => text?.replace(new RegExp(`^${button.dataset.add}-\\d+-`), `${button.dataset.add}-${rows.length}-`);
    for (const node of row.querySelectorAll("[id],[name],[for],[aria-describedby]")) {
      for (const name of ["id", "name", "for"]) if (node.hasAttribute(name)) node.setAttribute(name, renumber(node.getAttribute(name)));
      for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) node.removeAttribute(name);
      if (node.tagName === "INPUT") {
        node.value = "";
        node.setAttribute("value", "");
      }
      if (node.tagName === "SELECT") node.value = "member";
      node.classList.remove("is-invalid");
    }
    for (const error of row.querySelectorAll(".field-error")) error.remove();
    for (const label of row.querySelectorAll("label .visually-hidden")) label.textContent = `（第 ${rows.length + 1} 行）`;
    list.append(row);
    row.querySelector("input:not([type=hidden])").focus();
  });
}
