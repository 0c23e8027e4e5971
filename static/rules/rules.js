// While one types, rules without the word go; groups and areas without rules go with them.

const input = document.getElementById("q");
const count = document.getElementById("count");

function plain(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}

function show() {
  const asked = plain(input.value);
  let found = 0;
  for (const row of document.querySelectorAll(".rule-table tbody tr")) {
    row.hidden = !plain(row.textContent).includes(asked);
    found += !row.hidden;
  }
  for (const box of document.querySelectorAll(".rule-group, .rule-section")) box.hidden = !box.querySelector("tbody tr:not([hidden])");
  count.textContent = found ? `${found} 条规则` : "没有找到";
}

input.addEventListener("input", show);
