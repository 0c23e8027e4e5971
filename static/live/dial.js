// The clock as pure figures, the same as compete/live/clock.py: whole milliseconds, nothing counted up by ticks.

export const FORGOTTEN = 300000; // ms of overtime from which nobody speaks any more: the clock was forgotten
export const ran = (clock, now) => clock.ran_ms + (clock.started_at === null ? 0 : Math.max(0, now - clock.started_at));
export const remaining = (clock, now) => clock.allotted_ms - ran(clock, now);

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

// "7:59" left, "+0:12" over, without a limit the time that ran.
export function face(clock, now) {
  if (!clock.allotted_ms) return minutes(Math.floor(ran(clock, now) / 1000));
  const left = remaining(clock, now);
  return left >= 0 ? minutes(Math.ceil(left / 1000)) : `+${minutes(Math.floor(-left / 1000))}`;
}

// Which of the warnings (seconds before the end) has been reached: 0 for the end itself, null for none yet.
export function reached(clock, warnings, now) {
  if (!clock.allotted_ms) return null;
  const left = remaining(clock, now);
  if (left <= 0) return 0;
  return [...warnings].sort((a, b) => a - b).find((second) => left <= second * 1000) ?? null;
}

// What the overtime would cost if the phase ended now, in 1/10000 point.
export function owed(clock, rule, now) {
  const seconds = Math.floor(-remaining(clock, now) / 1000);
  if (!rule || !clock.allotted_ms || seconds <= rule.grace) return 0;
  const points = Math.ceil((seconds - rule.grace) / rule.every) * rule.points;
  return rule.maximum ? Math.min(points, rule.maximum) : points;
}

export const points = (units) => String(units / 10000);
