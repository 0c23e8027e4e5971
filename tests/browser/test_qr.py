"""Ways for marks past a dead network: QR codes made by the tablet, right for every length; paper keyed in without a mouse."""

import json
import random
from base64 import b64encode

import pytest
import segno
import zxingcpp
from flask.sessions import SecureCookieSessionInterface

from compete.marking import files, qr_reading
from compete.models import AuditRecord, Contest, Keying, db
from scoring import UNIT
from tests import support
from tests.browser.tablet import card_of, come_in, delivered, stored

pytestmark = pytest.mark.sqlite

ENCODE = """async ([module, list]) => {
  const { encode, capacity } = await import(module);
  const codes = list.map(([bytes, level]) => { const code = encode(Uint8Array.from(bytes), { level }); return { ...code, dark: [...code.dark].join("") }; });
  let much = "";
  try { encode(new Uint8Array(capacity(20, "L") + 1), { level: "L" }); } catch (error) { much = error.name; }
  return { codes, much };
}"""
FRAMES = """async ([module, parcel, packing]) => {
  if (!packing) delete globalThis.CompressionStream;
  const made = await (await import(module)).frames(parcel);
  return made && made.pieces.map((piece) => [...piece]);
}"""
# A camera that films the pictures given to it, as the browser's own camera would deliver them.
CAMERA = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 960 });
  const pen = canvas.getContext("2d");
  pen.fillRect(0, 0, 1280, 960);
  window.film = async (blob) => { const picture = await createImageBitmap(blob); const wide = 900 * picture.width / picture.height; pen.fillRect(0, 0, 1280, 960); pen.drawImage(picture, 640 - wide / 2, 30, wide, 900); };
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(15);
}"""
FILM = "async (picture) => window.film(new Blob([Uint8Array.from(atob(picture), (one) => one.charCodeAt())], { type: 'image/png' }))"


def read(code: dict) -> list[bytes]:
    size, dark, scale = code["size"], code["dark"], 3
    light = bytes([255]) * (4 * scale)
    rows = [light + b"".join(bytes([0 if one == "1" else 255]) * scale for one in dark[n * size : (n + 1) * size]) + light for n in range(size)]
    side = len(rows[0])
    edge = [bytes([255]) * side] * (4 * scale)
    whole = b"".join([*edge, *(row for row in rows for _ in range(scale)), *edge])
    return [found.bytes for found in zxingcpp.read_barcodes(memoryview(whole).cast("B", (side, side)), formats=zxingcpp.BarcodeFormat.QRCode)]


def test_the_encoder_is_right_for_every_version_level_and_many_lengths(live_server, new_page):
    page = new_page()
    page.goto("/sign-in")
    with live_server.app.app_context():
        module = f"/judge/app/{files.stamp()}/qr.js"
    chance = random.Random(20261122)
    full = page.evaluate("async (module) => { const { capacity } = await import(module); return ['L', 'M'].map((level) => [...Array(20).keys()].map((n) => capacity(n + 1, level))); }", module)
    asked = []
    for level, sizes in zip("LM", full, strict=True):
        before = 0
        for size in sizes:
            lengths = {size, before + 1, chance.randint(before + 1, size)}
            asked += [([chance.choice((0, 255, chance.randrange(256))) for _ in range(length)], level, sizes.index(size) + 1) for length in lengths]
            before = size
    made = page.evaluate(ENCODE, [module, [(data, level) for data, level, _ in asked]])

    assert made["much"] == "RangeError"
    for (data, level, version), code in zip(asked, made["codes"], strict=True):
        assert (code["version"], code["size"]) == (version, 17 + 4 * version)
        assert read(code) == [bytes(data)], (level, version, len(data))
        if len(data) == full["LM".index(level)][version - 1]:  # no padding, so another maker's code is the same to the module
            other = segno.make(bytes(data), micro=False, error=level, boost_error=False, mode="byte", version=version, mask=code["mask"])
            assert "".join("1" if dark else "0" for row in other.matrix for dark in row) == code["dark"]


def test_frames_come_together_again_with_and_without_packing(live_server, new_page):
    page = new_page()
    page.goto("/sign-in")
    with live_server.app.app_context():
        module = f"/judge/app/{files.stamp()}/qr-show.js"
    chance = random.Random(7)
    sheets = [{"entry": n, "marks": {"c1": chance.randrange(10**6)}, "comment": "评语" * 9, "label": "不带走", "read": {}} for n in range(40)]
    parcel = {"about": "不带走", "contest": {"id": 3, "name": "竞赛"}, "judge": {"id": 4_000_000_000, "name": "评委"}, "sheets": sheets}
    kept = [{key: value for key, value in sheet.items() if key not in ("label", "read")} for sheet in sheets]
    noise = {**parcel, "sheets": [{"comment": "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(90_000))}]}

    for packing in (True, False):
        pieces = [bytes(piece) for piece in page.evaluate(FRAMES, [module, parcel, packing])]
        first = qr_reading.frame(pieces[0])
        assert (first.packed, first.contest, first.judge, first.count) == (packing, 3, 4_000_000_000, len(pieces)) and len(pieces) > 2
        chance.shuffle(pieces)
        found = json.loads(qr_reading.put_together([*pieces, pieces[0]], 3))
        assert found == {"contest": parcel["contest"], "judge": parcel["judge"], "sheets": kept}
        assert page.evaluate(FRAMES, [module, noise, packing]) is None


@pytest.fixture
def laptop(hall, live_server, new_page):
    """The organiser's page for undelivered marks."""
    with live_server.app.app_context():
        contest = db.session.scalar(db.select(Contest))
        key, number = support.make_people(contest).alice.get_id(), contest.id
    cookie = SecureCookieSessionInterface().get_signing_serializer(live_server.app).dumps({"_user_id": key, "_fresh": True, "device": "TEST02"})
    page = new_page(viewport={"width": 1280, "height": 900}, touch=False)
    page.context.add_cookies([{"name": "compete", "value": cookie, "url": live_server.url}])
    page.goto(f"/contests/{number}/undelivered")
    return page


def test_a_paper_sheet_is_keyed_in_without_a_mouse(hall, laptop):
    laptop.goto(laptop.url.replace("undelivered", f"paper/{hall.session}/{hall.judge}/{hall.entries[0]}"))

    def keys(*pressed):
        for one in pressed:
            laptop.keyboard.press(one) if one.isalpha() else laptop.keyboard.type(one)

    keys("99", "Enter")
    assert "超出范围" in laptop.inner_text("#m0-error") and laptop.get_attribute("#m0", "aria-invalid") == "true"
    keys("ArrowUp", "30", "Enter", "２０。５", "Enter", "30", "Enter")
    assert laptop.inner_text("#sum") == "80.50" and laptop.is_hidden("#m0-error")
    keys("85", "Enter")
    assert "各项相加是 80.50" in laptop.inner_text("#written-error") and "/paper/" in laptop.url
    keys("80.5", "Enter")
    laptop.wait_for_selector(".notice-done:has-text('已录一遍')")
    laptop.wait_for_function("() => document.activeElement.id === 'm0'")
    assert laptop.url.endswith(f"/{hall.entries[1]}")
    with hall.app.app_context():
        assert db.session.scalar(db.select(Keying.marks)) == {"c1": 30 * UNIT, "c2": 205000, "c3": 30 * UNIT}


def test_marks_pass_a_dead_network_from_screen_to_camera(hall, new_page, laptop):
    tablet = new_page()
    come_in(tablet, hall.card)
    tablet.tap(".overview .main-button")
    tablet.context.set_offline(True)
    for n in range(3):
        card_of(tablet, n).locator(".jf-quick button").first.tap()
    tablet.fill("#comment", "".join(chr(0x4E00 + 211 * n % 20000) for n in range(90)))  # as good as random: more than one code
    tablet.wait_for_selector("[data-delivery]:has-text('待发送 4')")
    tablet.tap("[data-delivery]")
    tablet.tap("dialog .side-button:has-text('用二维码送达')")
    tablet.tap(".qr-dialog .side-button:has-text('逐张')")
    tablet.tap(".qr-dialog .side-button:has-text('上一张')")
    count = int(tablet.inner_text(".qr-count").split()[-2])
    assert count > 2
    shots = {}
    for _ in range(count):
        tablet.keyboard.press("ArrowRight")
        shots[tablet.inner_text(".qr-count")] = tablet.locator(".qr-code").screenshot()
    assert len(shots) == count

    # Photos first, one of them twice, one of them of something else; the rest before the camera.
    pictures = list(shots.values())
    nothing = laptop.screenshot()
    photos = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": data} for n, data in enumerate([pictures[-1], nothing, pictures[-1]])]
    laptop.set_input_files("#photos", photos)
    laptop.wait_for_selector("[data-words]:has-text('1 张照片里没有认出二维码')")
    assert laptop.locator(".scan-cells .is-here").count() == 1 and laptop.inner_text(".scan-parcel h3") == f"评委2：1 / {count}"
    laptop.evaluate(CAMERA)
    laptop.click("[data-camera]")
    for n, data in enumerate(pictures[:-1], 2):
        laptop.evaluate(FILM, b64encode(data).decode())
        if n < count:
            laptop.wait_for_selector(f".scan-parcel h3:has-text('{n} / {count}')")
    laptop.wait_for_selector("h2:has-text('评委2：1 张评分表')")
    assert stored(hall) == (None, {})
    laptop.click("button:has-text('写入 1 张评分表')")
    laptop.wait_for_selector(".notice-done:has-text('已写入 评委2 的 1 张评分表')")
    state, found = stored(hall)
    assert (state, found["c1"], len(found)) == ("draft", 30 * UNIT, 3)

    # The network is back: what the tablet delivers is there already.
    tablet.tap(".qr-dialog .main-button")
    tablet.tap("dialog .main-button")
    tablet.context.set_offline(False)
    delivered(tablet)
    assert stored(hall) == (state, found)
    with hall.app.app_context():
        (record,) = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "sheet.save"))
        assert "由二维码手工送达" in record.reason
