// Adds up the amounts in whole fen while they are typed; the server checks again.
const form = document.querySelector("[data-split]");
const total = BigInt(form.dataset.split);
const inputs = [...form.querySelectorAll("input[inputmode=decimal]")];
const output = form.querySelector("[data-sum]");

const fen = (text) => {
  const match = /^\s*(\d[\d,]*)(?:\.(\d{0,2}))?\s*$/.exec(text || "0");
  return match ? BigInt(match[1].replaceAll(",", "")) * 100n + BigInt((match[2] || "").padEnd(2, "0")) : null;
};
const yuan = (amount) => `${(amount / 100n).toLocaleString("en")}.${String(amount % 100n).padStart(2, "0")}`;

function show() {
  const amounts = inputs.map((input) => fen(input.value));
  if (amounts.includes(null)) {
    output.textContent = "有金额填写不正确";
    return;
  }
  const sum = amounts.reduce((a, b) => a + b, 0n);
  const words = sum === total ? "与奖金相等" : sum < total ? `还差 ${yuan(total - sum)}` : `多出 ${yuan(sum - total)}`;
  output.textContent = `${yuan(sum)} 元，${words}`;
}

form.addEventListener("input", show);
form.querySelector("[data-even-button]")?.addEventListener("click", () => {
  const even = form.dataset.even.split(",");
  inputs.forEach((input, n) => (input.value = yuan(BigInt(even[n] ?? 0)).replaceAll(",", "")));
  show();
});
for (const button of form.querySelectorAll("[data-all]")) {
  button.addEventListener("click", () => {
    inputs.forEach((input) => (input.value = yuan(input.id === button.dataset.all ? total : 0n).replaceAll(",", "")));
    show();
  });
}
show();
