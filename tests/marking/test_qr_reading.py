"""Undelivered marks read off a tablet's screen: codes in grey pictures, frames in any order, and then the same way as a file's."""

import json
import re
import zlib
from base64 import b64decode, b64encode

import pytest
import segno

from compete.marking import qr_reading
from compete.marking.carry import MOST_BYTES
from compete.models import Sheet, db
from scoring.problems import Problem
from tests.marking.conftest import FULL, Desk
from tests.marking.test_carry import pages, parcel
from tests.support import UNIT

pytestmark = pytest.mark.sqlite


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)


def cut(body: bytes, *, contest=1, judge=1, packed=False, piece=120):
    """The frames of a body, as the tablet makes them."""
    pieces = [body[n : n + piece] for n in range(0, len(body), piece)]
    crc = zlib.crc32(body)
    return [qr_reading.HEAD.pack(b"CQ", 1, packed, contest, judge, crc, n, len(pieces)) + one for n, one in enumerate(pieces)]


def frames(final, *sheets, packed=True, judge=None, piece=120, **more):
    judge = judge or final.judges[1]
    text = json.dumps(parcel(final, *sheets, judge=judge, **more), ensure_ascii=False).encode()
    return cut(zlib.compress(text) if packed else text, contest=final.contest.id, judge=judge.id, packed=packed, piece=piece)


def picture(code: bytes, scale=4, border=4):
    """(grey bytes, side) of one QR code."""
    rows = [bytes(0 if dark else 255 for dark in row) for row in segno.make(code, micro=False, error="m", mode="byte", boost_error=False).matrix_iter(scale, border)]
    return b"".join(rows), len(rows)


def seen(client, final, code, *, status=200):
    grey, side = picture(code)
    return client.post(f"{pages(final)}/pictures?width={side}&height={side}", grey, status=status).json


def open_codes(client, final, codes, *, status=200):
    return client.post(f"{pages(final)}/codes", {"code": [b64encode(code).decode() for code in codes]}, status=status).get_data(as_text=True)


@pytest.mark.parametrize("packed", [True, False])
def test_codes_seen_in_any_order_lead_to_the_preview_and_the_marks(final, alice, packed):
    made = frames(final, {"entry": 0, "marks": FULL, "comment": "数据扎实", "submit": True}, {"entry": 1, "marks": {"c1": 20 * UNIT}}, packed=packed)
    assert len(made) > 2
    found = [one for code in reversed(made) for one in seen(alice, final, code)["frames"]]
    assert [(one["place"], one["count"], one["judge"]) for one in found] == [(n, len(made), "评委2") for n in reversed(range(len(made)))]
    assert len({one["parcel"] for one in found}) == 1

    shown = open_codes(alice, final, [b64decode(one["code"]) for one in found + found[:1]])
    assert "评委2：2 张评分表" in shown and "数据扎实" in shown and "写入 2 张评分表" in shown
    assert db.session.scalar(db.select(Sheet)) is None

    text = json.loads(re.search(r'name="text" value="([^"]+)"', shown)[1].replace("&#34;", '"'))
    for _ in range(2):
        alice.post(f"{pages(final)}/take", {"text": json.dumps(text), "way": "codes"})
    held = Desk(final)
    assert (held.sheet().state, held.marks(), held.marks(1)) == ("submitted", FULL, {"c1": 20 * UNIT})
    (record,) = held.records("sheet.submit")
    assert record.reason.startswith("评委评委2未送达的打分，由二维码手工送达，设备 ab12")


def test_several_codes_in_one_picture_are_all_read(final, alice):
    made = frames(final, {"entry": 0, "marks": FULL}, piece=100)[:2]
    (left, side), (right, other) = map(picture, made)
    assert side == other
    both = b"".join(left[n * side : (n + 1) * side] + right[n * side : (n + 1) * side] for n in range(side))
    answer = alice.post(f"{pages(final)}/pictures?width={2 * side}&height={side}", both, status=200).json
    assert sorted(one["place"] for one in answer["frames"]) == [0, 1]


def test_codes_that_do_not_belong_here_are_told_in_words(final, alice):
    assert "不是平板上" in seen(alice, final, b"https://example.org/another-code")["problem"]
    there, here = cut(b"x" * 50, contest=final.contest.id + 1), final.contest.id
    assert "另一个竞赛" in seen(alice, final, there[0])["problem"]
    assert "没有这位评委" in seen(alice, final, cut(b"x", contest=here, judge=999)[0])["problem"]
    newer = bytearray(cut(b"x", contest=here)[0])
    newer[2] = 2
    assert "另一个版本" in seen(alice, final, bytes(newer))["problem"]
    assert seen(alice, final, frames(final, {"entry": 0, "marks": FULL})[0])["problem"] is None


def test_what_does_not_fit_together_is_not_opened(final, alice):
    own = frames(final, {"entry": 0, "marks": FULL}, piece=60)
    other = frames(final, {"entry": 1, "marks": FULL}, judge=final.judges[2], piece=60)
    changed = [own[0][:-1] + bytes([own[0][-1] ^ 1]), *own[1:]]
    for codes, said in (
        ([*own, other[0]], "混进了另一份二维码"), (own[1:], "缺第 1 张"), (changed, "可能被改动过"), ([], "没有收到二维码"),
        (cut(b"x" * 50, contest=final.contest.id + 1), "另一个竞赛"), ([b"other"], "不是平板上"),
    ):  # fmt: skip
        open_codes(alice, final, codes, status=302)
        assert said in alice.get(pages(final)).get_data(as_text=True)
    alice.post(f"{pages(final)}/codes", {"code": ["%%%"]})
    assert "没有收到二维码" in alice.get(pages(final)).get_data(as_text=True)


def test_a_small_parcel_never_unpacks_to_a_large_one(final):
    bomb = cut(zlib.compress(b"0" * 5_000_000, 9), contest=final.contest.id, packed=True, piece=800)
    assert len(qr_reading.put_together(bomb, final.contest.id)) == MOST_BYTES + 1  # which the reading of the file refuses
    for body in (zlib.compress(b"x" * 300)[:-6], b"not packed at all"):
        assert qr_reading.put_together(cut(body, packed=True), 1).code == "damaged"


@pytest.mark.parametrize(("grey", "width", "height"), [(b"", 0, 0), (b"x" * 400, 20, 21), (b"x" * 100, 10, 10), (b"x" * 400, -20, -20)])
def test_bytes_that_are_no_picture(grey, width, height):
    found = qr_reading.codes(grey, width, height)
    assert isinstance(found, Problem) and found.code == "bad_picture"


def test_pictures_are_bounded_and_only_for_who_manages_judging(final, alice, people, sign_in):
    address = f"{pages(final)}/pictures?width=3000&height=3000"
    assert "太大" in alice.post(address, b"x" * 9_000_000, status=413).json["problem"]
    assert "不完整" in alice.post(address, b"x" * 9000, status=422).json["problem"]
    for person, status in ((people.carol, 403), (people.dan, 404), (final.judges[0], 403)):
        sign_in(person).post(address, b"x", status=status)
        sign_in(person).post(f"{pages(final)}/codes", {"code": "x"}, status=status)
