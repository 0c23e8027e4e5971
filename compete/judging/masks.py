"""Blind entries in addresses and forms. The number of a row stands on the organiser's list beside the name, so an address that carried it
beside a code would tell whose code it is. It is mixed under the installation's secret, back and forth, without a table.
"""

import hashlib
import hmac

from flask import current_app

ROUNDS = 6
HALF = 2**32


def mask(number: int, kind: str = "entry") -> str:
    """"e" and 16 hexadecimal digits. Another `kind` ("slot") is mixed in its own way: slots are made in the order of entries."""
    high, low = divmod(number, HALF)
    for turn in range(ROUNDS):
        high, low = low, high ^ _mixed(kind, turn, low)
    return f"e{high:08x}{low:08x}"


def unmask(text: str, kind: str = "entry") -> int | None:
    """The number that was masked; None for a text that is none."""
    if len(text) != 17 or text[0] != "e":
        return None
    try:
        high, low = int(text[1:9], 16), int(text[9:], 16)
    except ValueError:
        return None
    for turn in reversed(range(ROUNDS)):
        high, low = low ^ _mixed(kind, turn, high), high
    return high * HALF + low if high < HALF // 2 else None


def _mixed(kind: str, turn: int, half: int) -> int:
    secret = current_app.config["SECRET_KEY"].encode()
    return int.from_bytes(hmac.new(secret, b"%s%d:%d" % (kind.encode(), turn, half), hashlib.sha256).digest()[:4], "big")
