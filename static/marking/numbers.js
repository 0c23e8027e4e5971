// Exact numbers, as on the server: a mark is a whole number of 1/10000 points, totals are BigInt over the part's denominator.

export const UNIT = 10000;
const PLACES = 4;

/** 237500 -> "23.75" */
export function format(units) {
  const sign = units < 0 ? "-" : "";
  const size = Math.abs(units);
  const rest = String(size % UNIT).padStart(PLACES, "0").replace(/0+$/, "");
  return sign + Math.floor(size / UNIT) + (rest ? "." + rest : "");
}

/** "23.75" -> 237500; null when it is not a plain number (yet) */
export function parse(text) {
  const found = /^(\d{1,6})(?:\.(\d{0,4}))?$/.exec(text);
  if (!found || text.endsWith(".")) return null;
  return Number(found[1]) * UNIT + Number((found[2] ?? "").padEnd(PLACES, "0"));
}

/** Full-width digits and the Chinese full stop, as input methods give them, become plain. */
export function plain(text) {
  return text.normalize("NFKC").replaceAll("。", ".").trim();
}

export function allowed(rule, units) {
  return units >= rule.minimum && units <= rule.maximum && (units - rule.minimum) % rule.step === 0;
}

/** Whether typing on from `text` can still end in a mark that may be given. */
export function reachable(rule, text) {
  if (!/^\d{1,6}(\.\d{0,4})?$/.test(text) || /^0\d/.test(text)) return false;
  const [whole, rest] = text.split(".");
  if (rest !== undefined) {
    const low = Number(whole) * UNIT + Number(rest.padEnd(PLACES, "0"));
    const width = 10 ** (PLACES - rest.length);
    // A trailing dot needs a step finer than a point.
    return rest === "" ? rule.step % UNIT !== 0 && holds(rule, low, low + width) : holds(rule, low, low + width);
  }
  for (let low = Number(whole), width = 1; low * UNIT <= rule.maximum; low *= 10, width *= 10) {
    if (holds(rule, low * UNIT, (low + width) * UNIT)) return true;
    if (low === 0) break;
  }
  return false;
}

/** Whether a mark that may be given lies in [low, high). */
function holds(rule, low, high) {
  const steps = Math.max(0, Math.ceil((low - rule.minimum) / rule.step));
  const first = rule.minimum + steps * rule.step;
  return first < high && first <= rule.maximum;
}

/** One step up or down; from blank, up starts in the upper middle, where most marks lie. */
export function stepped(rule, units, by) {
  if (units === null) {
    const target = rule.minimum + Math.floor(((rule.maximum - rule.minimum) * 4) / 5 / rule.step) * rule.step;
    return by > 0 ? target : Math.max(rule.minimum, target - rule.step);
  }
  const next = units + by * rule.step;
  return allowed(rule, next) ? next : null;
}

/** The sum of factor × mark over the given marks; `complete` only when every criterion has one that needs one on this sheet. */
export function total(session, marks) {
  let sum = 0n;
  let given = 0;
  let missing = 0;
  for (const [code, factor] of Object.entries(session.factors)) {
    if (marks[code] === null || marks[code] === undefined) {
      if (!session.shared?.includes(code)) missing += 1;
      continue;
    }
    sum += BigInt(factor) * BigInt(marks[code]);
    given += 1;
  }
  return { sum, given, missing, complete: given > 0 && !missing };
}

/** sum / denominator rounded half up, as text */
export function ratio(sum, denominator, places = 2) {
  const scale = 10n ** BigInt(places);
  const bottom = BigInt(denominator);
  const rounded = (2n * sum * scale + bottom) / (2n * bottom);
  return `${rounded / scale}.${String(rounded % scale).padStart(places, "0")}`;
}
