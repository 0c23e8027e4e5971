"""The one place that reads the clock, and how times are shown."""

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA)


def show_time(moment: datetime | None) -> str:
    """2026年11月22日 09:30"""
    if moment is None:
        return ""
    here = local(moment)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


def show_date(day) -> str:
    """2026年11月22日, of a date or an instant"""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{day.year}年{day.month}月{day.day}日"
