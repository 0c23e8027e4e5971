// What waits for each sheet, folded from the log of touches. Pure: knows neither the device nor the network.

/** A touch that may go out: on the device's disk, or held by the page alone because the device has no room. */
export const atRest = (touch) => Boolean(touch.n || touch.loose);

/** What waits for each sheet: {key, part, entry, rubric, label, revision, marks, comment?, submit?, touched, remarked, refused}.
    Handing in repeats the whole sheet; `touched` (codes) and `remarked` are what the judge did beside that. */
export function folded(touches, sheets) {
  const items = new Map();
  for (const { key, part, entry, rubric, label, revision, marks, comment, submit } of touches) {
    const sheet = sheets.get(key);
    const item = items.get(key) ?? { key, part, entry, label, revision: continued(sheet, revision), marks: {}, touched: new Set(), refused: sheet?.refused ?? null };
    Object.assign(item.marks, marks);
    if (comment !== undefined) item.comment = comment;
    if (submit) item.submit = true;
    else {
      for (const code of Object.keys(marks)) item.touched.add(code);
      if (comment !== undefined) item.remarked = true;
    }
    item.rubric = rubric;
    items.set(key, item);
  }
  return items;
}

/** How many things wait, as the judge who did them would count: marks touched, comments written, sheets handed in. */
export function counted(items) {
  let count = 0;
  for (const item of items) count += item.touched.size + Boolean(item.remarked) + Boolean(item.submit);
  return count;
}

/** The revision that a touch made on `revision` goes out with: this device's own deliveries since then are not in its way. */
function continued(sheet, revision) {
  return sheet?.to !== undefined && sheet.low <= revision && revision <= sheet.high ? sheet.to : revision;
}

/** What is known of a sheet once a message on revision `from` made revision `to`. */
export function advanced(sheet, from, to) {
  const follows = sheet.to === from;
  return { key: sheet.key, low: follows ? Math.min(sheet.low, from) : from, high: follows ? Math.max(sheet.high, from) : from, to, refused: null };
}
