"""评委签名清单: what every judge of a session signed, printed with the handwriting and its digest."""

from flask import Blueprint, g, render_template
from sqlalchemy.orm import joinedload

import scoring
from compete.access import guard, reveals
from compete.judging import sheets
from compete.marking import desk, form, rubrics, signed_lists
from compete.models import Part, Session, Stage
from compete.web import mine

blueprint = Blueprint("signed", __name__, url_prefix="/contests/<int:contest_id>/signed")


@blueprint.get("/<int:session_id>")
@guard("judging.watch")
@reveals
def session(*, session_id: int):
    row = mine(Session, session_id, joinedload(Session.part).joinedload(Part.stage).joinedload(Stage.event))
    event = row.part.stage.event
    rubric = rubrics.of_part(row.part_id, event.scheme_version)
    return render_template(
        "marking/signed.html", session=row, event=event, lists=signed_lists.of_session(row), chief=signed_lists.chief(row), name_of=desk.chief_name_of,
        criteria=[(rubric.rows[card.code], card) for card in form.cards(rubric.part)], text=scoring.formatter(rubric.part.denominator),
        states=sheets.CELL_STATES, done=sheets.DONE, contest=g.contest,
    )  # fmt: skip
