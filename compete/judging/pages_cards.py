"""Judges' cards on paper: QR cards, and PIN slips printed apart from them."""

from functools import lru_cache

import segno
import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import cards
from compete.judging.blueprint import blueprint
from compete.judging.forms import CardReason
from compete.models import JUDGE_ROLES, Judge, db
from compete.web import mine, page_of, say, tell


@lru_cache(maxsize=256)
def qr(url: str) -> str:
    """An SVG. The mask is fixed: choosing the prettiest of eight takes five times as long and scans no better."""
    return segno.make(url, micro=False, error="m", mask=2).svg_inline(border=2, omitsize=True)


def _ready():
    query = sa.select(Judge).where(
        Judge.contest_id == g.contest.id, Judge.withdrawn_at.is_(None), Judge.card_hash.is_not(None), Judge.card_revoked_at.is_(None)
    )
    wanted = request.args.get("judge", type=int)
    return query.where(Judge.id == wanted) if wanted else query


@blueprint.get("/judges/cards")
@guard("judging.manage")
def card_sheet():
    """A4 pages of eight cards each."""
    page = page_of(_ready().order_by(Judge.position, Judge.id), size=96)
    shown = [(judge, qr(url_for("marking.card", token=judge.card_secret, _external=True))) for judge in page.items]
    return render_template("judging/cards.html", page=page, cards=shown, roles=JUDGE_ROLES, host=request.host)


@blueprint.get("/judges/pins")
@guard("judging.manage")
def pin_sheet():
    page = page_of(_ready().order_by(Judge.position, Judge.id), size=96)
    return render_template("judging/pins.html", page=page, roles=JUDGE_ROLES)


@blueprint.post("/judges/cards")
@guard("judging.manage")
def card_issue_all():
    """A card for everybody on the list who has none."""
    with write():
        rows = db.session.scalars(
            sa.select(Judge).where(Judge.contest_id == g.contest.id, Judge.withdrawn_at.is_(None), Judge.card_hash.is_(None))
            .order_by(Judge.position, Judge.id)
        ).all()  # fmt: skip
        for judge in rows:
            cards.issue_card(judge, actor=actor(), now=clock.now())
    say(f"已为 {len(rows)} 人制卡，请打印评委卡；密码条请另行打印、当面交给本人" if rows else "名单上的人都已有卡")
    return redirect(url_for("judging.people", contest_id=g.contest.id))


@blueprint.post("/judges/<int:judge_id>/card")
@guard("judging.manage")
def card_issue(judge_id: int):
    """The first card, or a new one for one that was lost: the earlier one stops working at once."""
    form = CardReason()
    with write():
        judge = mine(Judge, judge_id)
        again = judge.card_hash is not None
        if judge.withdrawn_at is None:
            cards.issue_card(judge, reason=form.reason.data or "", actor=actor(), now=clock.now())
    if judge.withdrawn_at is not None:
        tell(f"{judge.name} 已移出名单，不能制卡")
    else:
        say(f"{judge.name} 的{'新卡已制好，旧卡即刻失效' if again else '卡已制好'}，请打印卡片和密码条")
    return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))


@blueprint.post("/judges/<int:judge_id>/card/revoke")
@guard("judging.manage")
def card_revoke(judge_id: int):
    form = CardReason()
    with write():
        judge = mine(Judge, judge_id)
        problem = cards.revoke(judge, reason=form.reason.data or "", actor=actor(), now=clock.now())
    tell(problem) if problem else say(f"{judge.name} 的卡已注销，所有设备即刻退出")
    return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))
