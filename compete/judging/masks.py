"""Blind entries in addresses and forms. The number of a row stands on the organiser's list beside the name, so an address that carried it
beside a code would tell whose code it is. It is mixed under the installation's secret, back and forth, without a table.

A tablet's messages carry whole numbers: `numbered` makes one of 2**48 and more, which JavaScript still holds exactly, so that
`plain` tells it from the row's number that tablets kept before there were masks.
"""

import hashlib
import hmac

from flask import current_app

ROUNDS = 6
HALF = 2**32
NUMBERED = 2**48
SMALL = 2**24


def mask(number: int, kind: str = "entry") -> str:
    """"e" and 16 hexadecimal digits. Another `kind` ("slot") is mixed in its own way: slots are made in the order of entries."""
    high, low = _mix(*divmod(number, HALF), kind, HALF)
    return f"e{high:08x}{low:08x}"


def unmask(text: str, kind: str = "entry") -> int | None:
    """The number that was masked; None for a text that is none."""
    if len(text) != 17 or text[0] != "e":
        return None
    try:
        high, low = int(text[1:9], 16), int(text[9:], 16)
    except ValueError:
        return None
    high, low = _sort(high, low, kind, HALF)
    return high * HALF + low if high < HALF // 2 else None


def named(text: str, kind: str = "entry") -> int:
    """What a button names, masked or by its number; 0, which no row has, for a text that is neither."""
    return unmask(text, kind) or (int(text) if text.isdecimal() and len(text) < 16 else 0)


def numbered(number: int, kind: str = "tablet") -> int:
    """The mask of a row's number as a whole number in [2**48, 2**49)."""
    high, low = _mix(*divmod(number, SMALL), kind, SMALL)
    return NUMBERED + high * SMALL + low


def plain(number: int, kind: str = "tablet") -> int:
    """The row's number behind `numbered`; any other number is itself."""
    if not NUMBERED <= number < 2 * NUMBERED:
        return number
    high, low = _sort(*divmod(number - NUMBERED, SMALL), kind, SMALL)
    return high * SMALL + low


def _mix(high: int, low: int, kind: str, size: int) -> tuple[int, int]:
    for turn in range(ROUNDS):
        high, low = low, high ^ _mixed(kind, turn, low) % size
    return high, low


def _sort(high: int, low: int, kind: str, size: int) -> tuple[int, int]:
    """What was mixed, as it was before."""
    for turn in reversed(range(ROUNDS)):
        high, low = low ^ _mixed(kind, turn, high) % size, high
    return high, low


def _mixed(kind: str, turn: int, half: int) -> int:
    secret = current_app.config["SECRET_KEY"].encode()
    return int.from_bytes(hmac.new(secret, b"%s%d:%d" % (kind.encode(), turn, half), hashlib.sha256).digest()[:4], "big")
