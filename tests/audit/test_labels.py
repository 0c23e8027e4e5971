"""Every action written to the trail has Chinese words and belongs to a group; records read in points and yuan."""

import ast
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

import compete
from compete.audit import labels, wording
from compete.audit.service import Actor, record
from compete.database import write
from compete.entries.states import VERBS
from compete.marking import service as marking
from compete.models import AuditRecord, db
from scoring import UNIT
from tests.support import NOW, counted_queries

HOUSE = Path(compete.__file__).parent
COMPUTED = {"entries/states.py": {f"entry.{verb}" for verb in VERBS}}  # f"entry.{code}"
JUDGE = Actor("judge:2", "评委2", "iPad TEST01")


def is_code(node) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.fullmatch(r"[a-z]+\.[a-z_]+", node.value))


def codes(node) -> set[str]:
    """The action codes an expression can be: a literal, either side of an `if`, or each of a tuple."""
    return {part.value for part in ast.walk(node) if is_code(part)}


def written(path: Path) -> set[str]:
    """Actions in a source file: action=…, {"action": …}, action = …, and codes handed to helpers that record."""
    found = set()
    tree = ast.parse(path.read_text("utf-8"))
    records = "audit" in path.read_text("utf-8") or "record(" in path.read_text("utf-8")
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "action":
            found |= codes(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "action":
                    found |= codes(value)
        elif isinstance(node, ast.Assign) and any("action" in ast.unparse(target) for target in node.targets):
            found |= codes(node.value)
        elif isinstance(node, ast.Call) and records and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("_moved", "write"):
            found |= set().union(*map(codes, node.args)) if node.args else set()
    return found


def actions() -> dict[str, str]:
    """action -> the file that writes it."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if not name.startswith(("migrations/", "audit/labels", "office/")):
            found |= dict.fromkeys(written(path) | COMPUTED.get(name, set()), name)
    return found


def test_every_action_has_words_and_a_group():
    found = actions()
    assert len(found) > 60 and {"sheet.submit", "session.reopen", "entry.disqualify", "judge.import"} <= set(found)
    prefixes = {prefix for _, some in labels.GROUPS.values() for prefix in some} | {"account"}  # records of accounts form a chain of their own, outside any contest
    assert {code: where for code, where in found.items() if code not in labels.ACTIONS} == {}
    assert {code: where for code, where in found.items() if code.split(".")[0] not in prefixes} == {}
    assert set(labels.ACTIONS) - set(found) == set(), "words for actions that nothing writes"


def test_the_names_of_fields_are_words():
    for code, words in (labels.ACTIONS | labels.FIELDS).items():
        assert any("一" <= sign <= "鿿" for sign in words) and words != code


def last() -> AuditRecord:
    return db.session.scalar(sa.select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1))


def told(row: AuditRecord) -> list[tuple]:
    return [tuple(line) for line in wording.of([row]).changes(row)]


def give(final, marks, revision=0):
    with write():
        return marking.save_marks(final.entries[0].id, final.part.id, judge_id=final.judges[1].id, revision=revision, marks=marks,
                                  actor=JUDGE, now=NOW)  # fmt: skip


def test_marks_are_told_in_points_under_the_names_of_their_criteria(final):
    saved = give(final, {"c1": 40 * UNIT + UNIT // 2, "c2": 0})
    row = last()
    assert told(row) == [("评分项1", "", "40.5 分"), ("评分项2", "", "0 分"), ("合计", "", "40.50 分"), ("状态", "", "草稿")]
    assert wording.of([row]).subject(row) == "1 号 · 评委2 · 路演"
    give(final, {"c1": None}, saved.revision)
    assert told(last()) == [("评分项1", "40.5 分", ""), ("合计", "40.50 分", "")]


def write_one(final, action, subject="contest", subject_id=None, before=None, after=None):
    with write():
        record(contest_id=final.contest.id, actor=JUDGE, now=NOW, action=action, subject=subject, subject_id=subject_id, before=before, after=after)
    return told(last())


def test_money_is_told_in_yuan_and_rows_by_name(final):
    entry, judge = final.entries[1].id, final.judges[2].id
    assert write_one(final, "budget.add", after={"name": "奖金", "amount_fen": 35_000_000}) == [("名称", "", "奖金"), ("金额（元）", "", "350,000.00 元")]
    assert write_one(final, "payee.split", "award", 1, {"张三": 20_000_001}, {"张三": 1, "李四": 20_000_000}) == [
        ("张三", "200,000.01 元", "0.01 元"), ("李四", "", "200,000.00 元"),
    ]  # fmt: skip
    assert write_one(final, "recusal.make", "recusal", 1, None, {"judge_id": judge, "entry_id": entry}) == [("评委", "", "评委3"), ("参赛对象", "", "2 号")]
    assert write_one(final, "recusal.refresh", after={"made": [[entry, judge]], "lifted": []}) == [("新增回避", "", "评委3回避 2 号")]
    assert write_one(final, "award.vacancy", "event", final.event.id, {}, {"first": 1}) == [("一等奖空缺", "", "1")]
    assert write_one(final, "attachment.add", "entry", entry, None, {"size": 2_621_440, "for_judges": True}) == [("大小", "", "2.5 MB"), ("评委可看", "", "是")]
    assert write_one(final, "entry.approve", "entry", entry, {"state": "pending"}, {"state": "approved"}) == [("状态", "待审核", "已通过")]


@pytest.fixture
def supervisor(people, sign_in):
    return sign_in(people.carol)


def test_the_page_finds_by_the_words_it_shows_and_asks_the_database_no_more_for_more_records(final, supervisor):
    address = f"/contests/{final.contest.id}/audit"
    revision = give(final, {"c1": UNIT}).revision
    write_one(final, "card.revoke", "judge", final.judges[0].id, None, {"judge": "评委1"})
    page = supervisor.get(f"{address}?q=注销").text
    assert "注销卡" in page and "评分项1" not in page and "没有符合的记录" not in page
    with counted_queries() as few:
        supervisor.get(address)
    for units in range(2, 6):
        revision = give(final, {"c1": units * UNIT}, revision).revision
    with counted_queries() as many:
        assert "评分项1" in supervisor.get(address).text
    assert len(many) == len(few) <= 12
