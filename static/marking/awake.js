// The screen stays on while the judge's page is in front, where the browser can do that (secure origins only). Elsewhere the judge
// is told once how to switch the lock off.

import { kept } from "./dom.js";

const TOLD = "compete.awake.told";
let lock = null;
export const awake = { able: "wakeLock" in navigator };

export async function stayAwake() {
  if (!awake.able) return;
  document.addEventListener("visibilitychange", hold);
  await hold();
}

async function hold() {
  if (document.visibilityState !== "visible" || (lock && !lock.released)) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    // A low battery may forbid it; the next time the page comes to the front asks again.
  }
}

export const mustBeTold = () => !awake.able && kept.get(TOLD) === null;
export const wasTold = () => kept.set(TOLD, "1");
