"""Undelivered marks that a tablet shows as QR codes: codes found in grey pictures, their frames, the parcel put together.

A frame, big-endian: "CQ", 1, packed (1: zlib), contest u32, judge u32, CRC-32 of the whole u32, place u8, frames u8, its piece.
"""

import struct
import zlib
from typing import NamedTuple

import zxingcpp

from compete.marking.carry import MOST_BYTES
from scoring.problems import Problem

MOST_PIXELS = 4_000_000
HEAD = struct.Struct(">2sBBIIIBB")
LARGEST = HEAD.size + 900  # a code of version 20 holds 858 bytes
WHERE = "二维码"
AGAIN = "请让评委关闭二维码，再打开一次，从头扫"


class Frame(NamedTuple):
    """One code: `parcel` tells the parcels apart, `place` counts from 0."""

    packed: bool
    contest: int
    judge: int
    parcel: int
    place: int
    count: int
    piece: bytes


def codes(grey: bytes, width: int, height: int) -> list[bytes] | Problem:
    """What the QR codes in a picture say; one byte per pixel, row by row."""
    if not (20 <= width and 20 <= height and width * height <= MOST_PIXELS and len(grey) == width * height):
        return Problem("bad_picture", WHERE, "收到的图片不完整，或者太大", "请刷新页面后再试")
    picture = memoryview(grey).cast("B", (height, width))
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False)
    return [code.bytes for code in found if len(code.bytes) <= LARGEST]


def frame(code: bytes) -> Frame | Problem:
    """The frame that a code carries; any other code is told in words."""
    if len(code) <= HEAD.size or code[:2] != b"CQ":
        return Problem("other_code", WHERE, "这不是平板上“用二维码送达”的二维码", "请让评委点右上角的送达状态，选“用二维码送达”")
    _, version, packed, contest, judge, parcel, place, count = HEAD.unpack_from(code)
    if version != 1:
        return Problem("version", WHERE, "二维码来自另一个版本的赛评", "请让评委连上网络刷新页面后再打开二维码，或者改用文件")
    if packed > 1 or place >= count:
        return Problem("damaged", WHERE, "二维码的内容不完整", AGAIN)
    return Frame(packed == 1, contest, judge, parcel, place, count, code[HEAD.size :])


def put_together(given: list[bytes], contest_id: int) -> bytes | Problem:
    """The file that the frames make together, in whatever order they came and however often."""
    found = [frame(code) for code in given]
    wrong = next((one for one in found if isinstance(one, Problem)), None)
    if wrong:
        return wrong
    if any(one.contest != contest_id for one in found):
        return Problem("other_contest", WHERE, "二维码属于另一个竞赛", "请在那个竞赛里扫")
    if len({(one.judge, one.parcel, one.count, one.packed) for one in found}) != 1:
        return Problem("mixed", WHERE, "混进了另一份二维码" if found else "没有收到二维码", "一份收齐以后再扫下一份")
    places = {one.place: one.piece for one in found}
    missing = [str(place + 1) for place in range(found[0].count) if place not in places]
    if missing:
        return Problem("missing", WHERE, f"还没有收齐，缺第 {'、'.join(missing)} 张", "请继续扫")
    body = b"".join(places[place] for place in range(found[0].count))
    if zlib.crc32(body) != found[0].parcel:
        return Problem("damaged", WHERE, "收到的二维码拼不起来，可能被改动过", AGAIN)
    return _unpacked(body) if found[0].packed else body


def _unpacked(body: bytes) -> bytes | Problem:
    """Never more than a file may hold, whatever it claims to unpack to."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        data = b""
    if not reader.eof and len(data) <= MOST_BYTES:
        return Problem("damaged", WHERE, "收到的二维码拼不起来，可能被改动过", AGAIN)
    return data
