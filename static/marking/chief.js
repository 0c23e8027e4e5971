// The chief judge signs a part: the drawing travels in the form's hidden field.

import { Drawing } from "./drawing.js";

const form = document.querySelector("form[data-sign]");
if (form) {
  const drawing = new Drawing({ label: "手写签名框", changed: (path) => (form.elements.drawing.value = path) });
  form.querySelector("[data-drawing]").append(drawing.node);
}
