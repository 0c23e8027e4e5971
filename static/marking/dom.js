// Small helps to make elements, and what is kept on this device only.

/** h("button", {class: "x", onclick: fn, "aria-label": "…"}, "text", node, …) */
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The name of an entry: number or code, then the title where it may be shown. */
export function named(entry) {
  return entry.title ? `${entry.label} 号 ${entry.title}` : `${entry.label}`;
}

export function short(entry) {
  return entry.title ? `${entry.label} 号` : entry.label;
}

/** A setting of this device; private windows may refuse to keep anything. */
export const kept = {
  get(key, otherwise = null) {
    try {
      return localStorage.getItem(key) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  },
};

let speaker;
/** Says something to a screen reader. */
export function announce(text) {
  speaker ??= document.body.appendChild(h("div", { class: "unseen", role: "status", "aria-live": "polite" }));
  speaker.textContent = text;
}
