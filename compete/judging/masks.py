"""Blind entries in addresses. The number of a row stands on the organiser's list beside the name, so an address that carried it
beside a code would tell whose code it is. It is mixed under the installation's secret, back and forth, without a table.
"""

import hashlib
import hmac

from flask import current_app

ROUNDS = 6
HALF = 2**32


def mask(entry_id: int) -> str:
    """"e" and 16 hexadecimal digits."""
    high, low = divmod(entry_id, HALF)
    for turn in range(ROUNDS):
        high, low = low, high ^ _mixed(turn, low)
    return f"e{high:08x}{low:08x}"


def unmask(text: str) -> int | None:
    """The entry of a masked address; None for a text that is none."""
    if len(text) != 17 or text[0] != "e":
        return None
    try:
        high, low = int(text[1:9], 16), int(text[9:], 16)
    except ValueError:
        return None
    for turn in reversed(range(ROUNDS)):
        high, low = low ^ _mixed(turn, high), high
    return high * HALF + low if high < HALF // 2 else None


def _mixed(turn: int, half: int) -> int:
    secret = current_app.config["SECRET_KEY"].encode()
    return int.from_bytes(hmac.new(secret, b"entry%d:%d" % (turn, half), hashlib.sha256).digest()[:4], "big")
