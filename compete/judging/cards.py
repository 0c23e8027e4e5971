"""Judges' cards: a QR code with a secret brings the judge in, a PIN printed apart confirms the person.

The secret is found by its SHA-256, so the table does not open the door; the copies for printing again are
encrypted. A card issued anew or revoked ends every session of the one before (`epoch`).
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from compete.audit import service as audit
from compete.models import Judge, db
from scoring.problems import Problem

PIN_DIGITS = 6


class Card(NamedTuple):
    """What is printed: `token` in the QR code, `pin` on the slip."""

    judge_id: int
    token: str
    pin: str


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _pin_hash(judge_id: int, pin: str) -> str:
    # Six digits are guessed at once from any plain hash, however slow; this one needs the key outside the database.
    return current_app.extensions["vault"].fingerprint(f"pin:{judge_id}:{pin}")


def issue_card(judge: Judge, *, actor: audit.Actor, now: datetime, reason: str = "") -> Card:
    """A new card; one issued before stops working at this moment."""
    card = Card(judge.id, secrets.token_urlsafe(18), f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}")
    again = judge.card_hash is not None
    judge.card_hash = _hash(card.token)
    judge.card_secret = card.token
    judge.pin = card.pin
    judge.pin_hash = _pin_hash(judge.id, card.pin)
    judge.card_issued_at = now
    judge.card_revoked_at = None
    judge.epoch += 1
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="card.reissue" if again else "card.issue",
        subject="judge", subject_id=judge.id, after={"judge": judge.name, "epoch": judge.epoch}, reason=reason,
    )  # fmt: skip
    return card


def revoke(judge: Judge, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """The card stops working, at once and on every device. Sheets already handed in stay."""
    if judge.card_hash is None or judge.card_revoked_at is not None:
        return Problem("card.none", judge.name, "没有可用的评委卡", "需要时请制新卡")
    judge.card_revoked_at = now
    judge.epoch += 1
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="card.revoke", subject="judge", subject_id=judge.id,
        after={"judge": judge.name, "epoch": judge.epoch}, reason=reason,
    )  # fmt: skip
    return None


def find_by_token(token: str) -> Judge | Problem:
    """The judge of this card, or what is wrong with the card."""
    judge = db.session.scalar(sa.select(Judge).where(Judge.card_hash == _hash(token)))
    if judge is None:
        return Problem("card.unknown", "评委卡", "这张卡无效，可能已换发新卡", "请使用最新的评委卡，或联系会务人员")
    if judge.withdrawn_at is not None:
        return Problem("card.withdrawn", "评委卡", "持卡人已不在评委名单中", "请联系会务人员")
    if judge.card_revoked_at is not None:
        return Problem("card.revoked", "评委卡", "这张卡已注销", "请向会务人员领取新卡")
    return judge


def pin_matches(judge: Judge, pin: str) -> bool:
    """Whether the PIN confirms the person; takes the same time either way."""
    return judge.pin_hash is not None and hmac.compare_digest(judge.pin_hash, _pin_hash(judge.id, pin.strip()))


def state_of(judge: Judge) -> str:
    """none (not issued), revoked, issued (never used), used."""
    if judge.card_hash is None:
        return "none"
    if judge.card_revoked_at is not None:
        return "revoked"
    used = judge.last_seen_at is not None and judge.last_seen_at >= judge.card_issued_at
    return "used" if used else "issued"
