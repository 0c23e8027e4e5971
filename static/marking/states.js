// The words of delivery: delivered, waiting, refused, handed to the chief judge. They never say more than is known.

const NO_ROOM = "这台设备存不下新的打分";

/** {kind: good | wait | bad, text} for the judge. `late`: sheets that wait for the chief judge. */
export function delivery(box, late) {
  if (box.unread) return { kind: "bad", text: "读不出这台设备里存的打分，请不要关闭页面，叫会务人员" };
  if (box.trouble) return { kind: "bad", text: box.waiting ? `未能送达 ${box.waiting}：${box.trouble.message}` : box.trouble.message };
  const [refused] = box.refused;
  if (refused) return { kind: "bad", text: `未能送达：${refused.refused.message}` };
  if (box.items.size && !box.kept) return { kind: "bad", text: `待发送 ${box.waiting}：${NO_ROOM}，请不要关闭页面` };
  if (box.storing) return { kind: "wait", text: "正在存到本机" };
  if (box.items.size) return { kind: "wait", text: `待发送 ${box.waiting}` };
  if (late) return { kind: "wait", text: `转交总评委 ${late}` };
  return { kind: "good", text: "已送达" };
}

/** Why it waits, for the dialog behind the words; "" while it is on its way. */
export function reason(box) {
  if (box.trouble) return `${box.trouble.message}。${box.trouble.mend ?? ""}`;
  if (box.held) return `${box.held.refused.message}。${box.held.refused.mend ?? ""}`;
  return box.items.size && box.courier.failing ? `${box.courier.failing}，正在自动重试` : "";
}
