// The organiser's laptop reads a tablet's QR codes: pictures of the camera, or photos, go to the server as grey bytes; the frames
// that it finds in them are gathered here, in any order, until a parcel is whole and opens as the file would.

import { h } from "./dom.js";

const box = document.querySelector("#scan");
const part = (name) => box.querySelector(`[data-${name}]`);
const form = part("codes");
const token = form.elements.csrf_token.value;
const video = part("eye").querySelector("video");
const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });
const LIVE = 1280; // the longer side of a camera's picture
const SIZES = [1600, 2200]; // of a photo: most codes are read from the smaller one, at a quarter of the work
const BETWEEN = 120;

const parcels = new Map(); // parcel -> {judge, count, codes: Map(place -> code)}
let stream = null;
let done = false;

if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
  part("insecure").hidden = false;
  part("camera").disabled = true;
}
part("camera").addEventListener("click", () => (stream ? close() : open()));
box.querySelector("#photos").addEventListener("change", (event) => photos([...event.target.files]).then(() => (event.target.value = "")));

const say = (text) => {
  if (part("words").textContent !== text) part("words").textContent = text;
};

async function open() {
  try {
    const wanted = { width: { ideal: LIVE }, height: { ideal: 960 }, facingMode: { ideal: "environment" } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch (error) {
    const refused = error.name === "NotAllowedError";
    return say(refused ? "浏览器没有允许使用摄像头。请点地址栏左边的图标允许，再按一次；也可以选照片。" : "没有找到能用的摄像头。可以用手机拍下每一张，再选照片。");
  }
  video.srcObject = stream;
  // One's own side of a laptop is easier to aim at in a mirror; what is read is not mirrored.
  video.classList.toggle("is-mirror", stream.getVideoTracks()[0]?.getSettings().facingMode !== "environment");
  await video.play();
  part("scan").hidden = part("eye").hidden = false;
  part("camera").textContent = "关闭摄像头";
  say("正在找二维码：让二维码占满画面的大半。");
  watch();
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("eye").hidden = true;
  part("camera").textContent = "打开摄像头";
}

async function watch() {
  while (stream && !done) {
    if (video.videoWidth) await read(video, video.videoWidth, video.videoHeight, LIVE);
    await new Promise((next) => setTimeout(next, BETWEEN));
  }
}

async function photos(files) {
  let empty = 0;
  for (const [n, file] of files.entries()) {
    if (done) return;
    say(`正在看第 ${n + 1} 张照片，共 ${files.length} 张……`);
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return say(`“${file.name}”打不开，请换成 PNG 或 JPEG 图片。`);
    }
    let found = 0;
    for (const size of SIZES) found ||= await read(picture, picture.width, picture.height, size);
    empty += found ? 0 : 1;
    picture.close();
  }
  if (!done && empty) say(`有 ${empty} 张照片里没有认出二维码。请拍得近一些、正一些，避开反光。`);
}

/** How many frames a picture holds. */
async function read(source, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8Array(data.length / 4);
  for (let n = 0; n < grey.length; n += 1) grey[n] = (77 * data[4 * n] + 150 * data[4 * n + 1] + 29 * data[4 * n + 2]) >> 8;
  let said;
  try {
    const answer = await fetch(`${box.dataset.pictures}?width=${canvas.width}&height=${canvas.height}`, {
      method: "POST", headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": token }, body: grey,
    });
    if (answer.status === 429) await new Promise((next) => setTimeout(next, 5000));
    said = await answer.json();
  } catch {
    say("电脑上的赛评没有回应，正在重试。");
    return 0;
  }
  if (said.problem) say(said.problem);
  said.frames.forEach(take);
  return said.frames.length;
}

function take({ parcel, place, count, judge, code }) {
  if (done) return;
  if (!parcels.has(parcel)) parcels.set(parcel, { judge, count, codes: new Map() });
  const own = parcels.get(parcel);
  const fresh = !own.codes.has(place);
  own.codes.set(place, code);
  if (!fresh) return;
  draw();
  const missing = [...Array(own.count).keys()].filter((one) => !own.codes.has(one));
  const more = parcels.size > 1 ? "有两份不同的二维码，先收齐哪份就先打开哪份。" : "";
  if (missing.length) return say(`${own.judge}：收到 ${own.codes.size} 张，共 ${own.count} 张。${missing.length < 6 ? `还缺第 ${missing.map((one) => one + 1).join("、")} 张。` : ""}${more}`);
  say(`${own.judge}：收齐了，正在打开……`);
  done = true;
  close();
  form.append(...[...own.codes.values()].map((value) => h("input", { type: "hidden", name: "code", value })));
  form.requestSubmit();
}

function draw() {
  part("scan").hidden = false;
  part("parcels").replaceChildren(...[...parcels.values()].map(({ judge, count, codes }) => h("section", { class: "scan-parcel" },
    h("h3", {}, `${judge}：${codes.size} / ${count}`),
    h("ol", { class: "scan-cells" }, [...Array(count).keys()].map((place) => {
      const here = codes.has(place);
      return h("li", { class: here ? "is-here" : null }, `${place + 1}`, h("span", { class: "visually-hidden" }, here ? " 已收到" : " 还缺"));
    })))));
}
