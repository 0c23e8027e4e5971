// Scenes without figures: black, a message, waiting.

import { el, fit, qr } from "./dom.js";

export const black = { draw: () => el("div", "black") };

export const message = {
  draw(doc) {
    const lines = doc.body.text.split("\n");
    const longest = lines.reduce((most, line) => (line.length > most.length ? line : most), "");
    const size = fit(lines.length > 4 ? doc.body.text : longest, 8, 14, 24, 60, 160);
    const text = el("div", `message-text ${size}`, lines.map((line) => el("p", "", line || "\u00a0")));
    return el("section", `message${doc.body.qr ? " with-qr" : ""}`, text, doc.body.qr && qr(doc.body.qr, "公告的二维码"));
  },
};

export const waiting = (text) => ({
  draw: (doc) => el("section", "wait", el("p", "contest", doc.contest), el("p", "wait-text", text)),
});
