"""How the tablets are, in words for the host: what is wrong at a seat, how bad it is, and what to do."""

from datetime import datetime, timedelta
from typing import NamedTuple

from compete.marking.seats import SeatNow

SILENT = timedelta(seconds=90)  # tablets tell of themselves every half minute
LOW_BATTERY = 15
RANK = {"bad": 0, "wait": 1, "quiet": 2, "good": 3}


class Told(NamedTuple):
    """`kind` good, wait, bad or quiet; `words` in a few signs; `mend` what to do, "" where nothing is to be done."""

    kind: str
    words: str
    mend: str = ""


def tell(seat: SeatNow, now: datetime) -> list[Told]:
    """Everything to say about a seat, the worst first; never empty."""
    found = sorted(_told(seat, now), key=lambda told: RANK[told.kind])
    return found or [Told("good", "在线")]


def _told(seat: SeatNow, now: datetime):
    if seat.last_seen is None:
        yield Told("quiet", "还没有进入", "请评委扫评委卡并输入密码")
        return
    yield from _delivery(seat, now)
    for other in seat.others:
        if other.waiting or other.refused:
            yield Told("bad", f"原来的平板上还有 {other.waiting + other.refused} 项未送达", "找到那台平板，联网后会自动送达；不能联网时在平板上导出")
        else:
            yield Told("wait", "两台平板用同一张卡", "请评委在不用的那台上退出")
    if seat.battery is not None and seat.battery <= LOW_BATTERY and not seat.charging:
        yield Told("wait", f"电量 {seat.battery}%", "请给平板接上电源")
    if seat.late:
        yield Told("wait", f"{seat.late} 条迟到打分", "请总评委决定是否采纳")


def _delivery(seat: SeatNow, now: datetime):
    silent = now - seat.last_seen
    if seat.refused:
        yield Told("bad", f"{seat.refused} 项被拒收", "请看平板上的说明；已锁定的会交总评委处理")
    if silent > SILENT:
        lost = f"失联 {ago(silent)}"
        if seat.waiting:
            yield Told("bad", f"{lost}，{seat.waiting} 项未送达", "请勿关机、勿清除数据；检查这台平板的 Wi-Fi")
        else:
            yield Told("wait", lost, "看看平板是否熄屏或断网；已打的分都已送达")
    elif seat.waiting:
        yield Told("wait", f"待发送 {seat.waiting}", "稍等片刻；一直不减请检查 Wi-Fi")
    elif not seat.holds:
        yield Told("wait", "已退出或换了平板", "请评委在要用的平板上扫卡")


def ago(time: timedelta) -> str:
    """"3 分钟", "2 小时"."""
    minutes = int(time.total_seconds()) // 60
    if minutes >= 60:
        return f"{minutes // 60} 小时"
    return f"{max(1, minutes)} 分钟"


def severity(seat: SeatNow, now: datetime) -> tuple:
    """For sorting, worst first: by kind, then by undelivered marks, then by silence."""
    told = tell(seat, now)[0]
    silent = (now - seat.last_seen).total_seconds() if seat.last_seen else 0
    return RANK[told.kind], -(seat.waiting + seat.refused + sum(other.waiting for other in seat.others)), -silent
