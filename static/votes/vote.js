// Counts what is chosen and says so before anything is sent; the server checks it again.

const form = document.querySelector("[data-most]");
if (form) {
  const most = Number(form.dataset.most);
  const count = form.querySelector("[data-count]");
  const button = form.querySelector("button");
  const show = () => {
    const chosen = form.querySelectorAll("input[name=entry]:checked").length;
    for (const input of form.querySelectorAll("input[type=checkbox]:not(:checked)")) input.disabled = chosen >= most;
    count.textContent = most > 1 && chosen ? `已选 ${chosen} / ${most}${chosen >= most ? "，要换请先去掉一项" : ""}` : "";
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = "正在送出……";
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
    show();
  });
  show();
}
