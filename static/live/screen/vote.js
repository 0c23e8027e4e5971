// 公众投票, while it runs.

import { el } from "./dom.js";

export const draw = (doc) => el("section", "wait", el("p", "contest", doc.contest), el("p", "wait-text", "投票即将开始"));
