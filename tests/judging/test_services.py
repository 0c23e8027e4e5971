"""Cards, recusals, the states of a board's cells, and returning a sheet."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.database import write
from compete.judging import cards, recusals, service, sheets
from compete.models import AuditRecord, Judge, JudgeAbsence, Organization, Recusal, Ruling, Sheet, Signature, db
from scoring.problems import Problem
from tests.support import NOW

ACTOR = audit.Actor("user:1", "张组织", "TEST01")
CONTEXT = {"actor": ACTOR, "now": NOW}


def actions():
    return list(db.session.scalars(sa.select(AuditRecord.action).order_by(AuditRecord.number)))


def add_sheet(final, entry, judge, state, **more):
    row = Sheet(
        part_id=final.part.id, session_id=final.session.id, entry_id=final.entries[entry].id, judge_id=final.judges[judge].id,
        state=state, updated_at=NOW, **more,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


# cards


def test_card_is_found_by_its_token_and_confirmed_by_its_pin(final):
    judge = final.judges[0]

    card = cards.issue_card(judge, **CONTEXT)

    assert cards.find_by_token(card.token) is judge
    assert len(card.pin) == 6
    assert cards.pin_matches(judge, card.pin)
    assert not cards.pin_matches(judge, f"{(int(card.pin) + 1) % 10**6:06d}")
    assert card.token not in (judge.card_hash, judge.pin_hash)
    assert actions() == ["card.issue"]


def test_reissued_card_ends_the_one_before(final):
    judge = final.judges[0]
    first = cards.issue_card(judge, **CONTEXT)
    key = judge.get_id()

    second = cards.issue_card(judge, **CONTEXT)

    assert cards.find_by_token(first.token).code == "card.unknown"
    assert cards.find_by_token(second.token) is judge
    assert judge.get_id() != key
    assert actions() == ["card.issue", "card.reissue"]


def test_revoked_card_tells_so(final):
    judge = final.judges[0]
    card = cards.issue_card(judge, **CONTEXT)
    epoch = judge.epoch

    assert cards.revoke(judge, reason="遗失", **CONTEXT) is None

    assert cards.find_by_token(card.token).code == "card.revoked"
    assert judge.epoch == epoch + 1
    assert cards.revoke(judge, reason="遗失", **CONTEXT).code == "card.none"


def test_pin_of_another_judge_does_not_confirm(final):
    first, second = final.judges[:2]
    card = cards.issue_card(first, **CONTEXT)
    second.pin_hash = first.pin_hash

    assert not cards.pin_matches(second, card.pin)


# recusals


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("淮南矿业集团", "淮南矿业集团有限公司", True),
        ("淮南矿业（集团）有限责任公司", "淮南矿业集团", True),
        ("国网安徽省电力有限公司", "国网安徽省电力公司", True),
        ("淮南矿业集团", "淮南矿业集团张集煤矿", False),
        ("合肥一中", "合肥十中", False),
        ("工业大学", "安徽工业大学", False),
        ("大华公司", "大华", False),
    ],
)
def test_organizations_are_the_same_but_for_their_legal_form(one, other, same):
    assert (recusals.organization_core(one) == recusals.organization_core(other)) is same


def test_judge_of_the_same_organization_is_recused_automatically(final):
    final.judges[1].organization = "单位2"
    db.session.flush()

    assert recusals.refresh(final.contest.id, **CONTEXT) == (1, 0)
    assert recusals.refresh(final.contest.id, **CONTEXT) == (0, 0)

    found = db.session.scalars(sa.select(Recusal)).one()
    assert (found.entry_id, found.judge_id, found.cause) == (final.entries[1].id, final.judges[1].id, "same_organization")
    assert actions() == ["recusal.refresh"]


def test_recusal_ends_when_the_organization_is_corrected(final):
    final.judges[1].organization = "单位2"
    recusals.refresh(final.contest.id, **CONTEXT)
    final.judges[1].organization = "别的单位"
    db.session.flush()

    assert recusals.refresh(final.contest.id, **CONTEXT) == (0, 1)

    final.judges[1].organization = "单位2"
    assert recusals.refresh(final.contest.id, **CONTEXT) == (1, 0)


def test_lifted_by_hand_stays_lifted(final):
    final.judges[1].organization = "单位2"
    recusals.refresh(final.contest.id, **CONTEXT)
    row = db.session.scalars(sa.select(Recusal)).one()

    assert recusals.lift(row, reason="监督组同意", **CONTEXT) is None

    assert recusals.refresh(final.contest.id, **CONTEXT) == (0, 0)
    assert recusals.active(row.entry_id, row.judge_id) is None
    assert recusals.lift(row, reason="再来", **CONTEXT).code == "recusal.lifted"


def test_recusal_by_hand_only_once(final):
    judge, entry = final.judges[0], final.entries[0]

    recusals.recuse(judge, entry, reason="师徒关系", **CONTEXT)

    assert recusals.recuse(judge, entry, reason="师徒关系", **CONTEXT).code == "recusal.twice"
    assert recusals.active(entry.id, judge.id).reason == "师徒关系"


def test_longer_name_of_a_subsidiary_is_not_recused(final):
    db.session.execute(sa.update(Organization).where(Organization.name == "单位1").values(name="淮南矿业集团张集煤矿"))
    db.session.execute(sa.update(Judge).where(Judge.id == final.judges[0].id).values(organization="淮南矿业集团"))

    assert recusals.refresh(final.contest.id, **CONTEXT) == (0, 0)


# cells


def test_board_knows_all_states(final):
    first, second, third = (entry.id for entry in final.entries)
    one, two, three = (judge.id for judge in final.judges)
    add_sheet(final, 0, 0, "submitted", total=5)
    add_sheet(final, 0, 1, "draft")
    add_sheet(final, 1, 0, "returned")
    add_sheet(final, 1, 1, "locked", total=7)
    recusals.recuse(final.judges[0], final.entries[2], reason="师徒", **CONTEXT)
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=three, reason="生病", made_by="x", made_at=NOW))
    db.session.add(Ruling(entry_id=third, kind="absence", reason="未到", made_by="x", made_at=NOW))
    db.session.flush()

    cells = sheets.matrix(final.session, sheets.slots(final.session.id), sheets.seats(final.session))

    assert {pair: cell.state for pair, cell in cells.items()} == {
        (first, one): "submitted", (first, two): "draft", (first, three): "absent",
        (second, one): "returned", (second, two): "locked", (second, three): "absent",
        (third, one): "recused", (third, two): "ruled", (third, three): "ruled",
    }  # fmt: skip
    assert cells[first, one].total == 5
    assert cells[third, two].note == "缺考/弃权"


def test_submitted_sheet_counts_although_the_judge_left(final):
    add_sheet(final, 0, 0, "submitted", total=5)
    db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=final.judges[0].id, reason="生病", made_by="x", made_at=NOW))
    db.session.flush()

    cells = sheets.matrix(final.session, sheets.slots(final.session.id), sheets.seats(final.session))

    assert [cells[entry.id, final.judges[0].id].state for entry in final.entries] == ["submitted", "absent", "absent"]


def test_gravest_ruling_speaks(final):
    entry = final.entries[0]
    db.session.add_all(Ruling(entry_id=entry.id, kind=kind, reason="", made_by="x", made_at=NOW) for kind in ("absence", "veto"))
    db.session.flush()

    assert sheets.slots(final.session.id)[0].status == "vetoed"


# returning


def test_returned_sheet_voids_the_signature_of_that_judge_only(final):
    sheet = add_sheet(final, 0, 0, "submitted", total=5, revision=3)
    for judge in final.judges[:2]:
        db.session.add(Signature(session_id=final.session.id, judge_id=judge.id, name=judge.name, digest="0", signed_at=NOW))
    db.session.flush()

    assert service.return_sheet(sheet, "第二项漏看附件", ACTOR, NOW) is None

    assert (sheet.state, sheet.revision, sheet.return_reason, sheet.total) == ("returned", 4, "第二项漏看附件", 5)
    void = dict(db.session.execute(sa.select(Signature.judge_id, Signature.void_at)).all())
    assert (void[final.judges[0].id], void[final.judges[1].id]) == (NOW, None)
    assert actions() == ["sheet.return"]


@pytest.mark.parametrize("state", ["draft", "returned", "locked"])
def test_only_a_submitted_sheet_can_be_returned(final, state):
    sheet = add_sheet(final, 0, 0, state)

    assert service.return_sheet(sheet, "理由", ACTOR, NOW).code == "sheet.not_submitted"
    assert sheet.state == state


def test_return_needs_a_reason_and_an_unlocked_part(final):
    sheet = add_sheet(final, 0, 0, "submitted")

    assert service.return_sheet(sheet, "  ", ACTOR, NOW).code == "sheet.reason"
    final.part.locked_at = NOW
    db.session.flush()
    assert service.return_sheet(sheet, "理由", ACTOR, NOW).code == "part.locked"


def test_a_problem_rolls_nothing_forward(final):
    """A refused service leaves no audit record behind."""
    with write():
        problem = cards.revoke(final.judges[0], reason="", **CONTEXT)

    assert isinstance(problem, Problem)
    assert actions() == []
