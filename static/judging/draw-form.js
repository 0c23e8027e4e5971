// The seed is typed in only when it was called out in the hall.
const form = document.querySelector("[data-draw]");
if (form) {
  const seed = form.querySelector("[name=seed]");
  const update = () => {
    const system = form.querySelector("[name=method]:checked")?.value === "system";
    seed.disabled = system;
    seed.placeholder = system ? "抽签时由系统产生，并印在记录表上" : "";
  };
  form.addEventListener("change", update);
  update();
}
