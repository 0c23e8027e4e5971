// The remote control over a bad Wi-Fi: a press leaves the page only while the server answers, so that nobody who directs a
// screen stands before a browser's error page. A press that could not leave in time is given up, and said so: a prize must
// not be revealed minutes later by itself.

const line = document.getElementById("line");
const { state } = document.querySelector(".remote").dataset;
const ATTEMPTS = 6;

async function answers() {
  try {
    return (await fetch(state, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(3000) })).status < 500;
  } catch {
    return false;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await answers()) return form.submit();
    tell("网络断开，这一步还没有送出，正在重试。大屏上的画面不变");
    await new Promise((wake) => setTimeout(wake, 1000));
  }
  delete form.dataset.sent; // it may be pressed again
  tell("没有送出。连上网络后，请看清大屏上的画面再按一次");
});

function tell(text) {
  line.textContent = text;
  line.hidden = false;
}
