// Sounds without a file. Browsers allow them only after a touch: the first press on the page wakes them.

let context = null;

export function wake() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  if (!Audio) return;
  context ??= new Audio();
  if (context.state === "suspended") context.resume();
}

// Whether a stroke would be heard: not before the first touch, nor after the phone slept.
export const audible = () => context?.state === "running";

// `times` strokes of a bell, one after the other.
export function ring(times) {
  if (!context) return;
  for (let stroke = 0; stroke < times; stroke += 1) {
    const start = context.currentTime + stroke * 0.45;
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = 880;
    loud.gain.setValueAtTime(0.0001, start);
    loud.gain.exponentialRampToValueAtTime(0.5, start + 0.01);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
    tone.connect(loud).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.42);
  }
}
