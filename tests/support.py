"""Building blocks of tests: small finals, people, and a client that inspects what it fetches."""

import io
import re
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import html5lib
import lxml.html
import sqlalchemy as sa

from compete.contests import schemes
from compete.models import (
    Contest,
    Criterion,
    Entry,
    Event,
    Judge,
    Mark,
    Member,
    Membership,
    Organization,
    Panel,
    Part,
    Seat,
    Session,
    Sheet,
    Slot,
    Stage,
    Tier,
    User,
    db,
)
from scoring import UNIT, sheet_total
from tests.again import again

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@again
def make_final(*, entries: int = 3, judges: int = 3, criteria: int = 2, marked: bool = False) -> SimpleNamespace:
    """A contest in the middle of its final: `marked` fills every sheet with marks that differ."""
    contest = Contest(name="测试竞赛", level="省级", hosts={"主办": ["省总工会"], "承办": [], "协办": []}, settings={}, created_at=NOW)
    rules = {"rounding": {"places": 2, "mode": "half_up"}, "ties": [{"code": "untrimmed_mean"}], "minimum_score": None}
    event = Event(contest=contest, name="金成果", entry_kind="project", rules=rules)
    stage = Stage(event=event, name="决赛路演", position=0)
    panel_rule = {"rule": "trimmed_mean" if judges >= 5 else "mean", "drop_high": 1, "drop_low": 1, "minimum_judges": 3}
    part = Part(stage=stage, code="roadshow", name="路演", panel=panel_rule)
    share = 1_000_000 // criteria
    leaves = []
    for n in range(criteria):
        weight = share if n else 1_000_000 - share * (criteria - 1)
        leaves.append(Criterion(part=part, code=f"c{n + 1}", name=f"评分项{n + 1}", weight=weight, maximum=weight, step=UNIT // 2, position=n))
    tiers = [
        Tier(event=event, code="first", name="一等奖", position=0, count=1, prize_fen=20_000_000),
        Tier(event=event, code="second", name="二等奖", position=1, count=1, prize_fen=10_000_000),
        Tier(event=event, code="third", name="三等奖", position=2, count=1, prize_fen=5_000_000),
    ]
    db.session.add_all([contest, *leaves, *tiers])
    db.session.flush()
    units = [Organization(contest_id=contest.id, name=f"单位{n}", key=f"单位{n}") for n in range(1, entries + 1)]
    db.session.add_all(units)
    db.session.flush()
    rows = [
        Entry(event=event, number=n, title=f"项目{n}", title_key=f"项目{n}", organization=units[n - 1], state="approved",
              extras={}, created_at=NOW, updated_at=NOW, members=[Member(name=f"完成人{n}", role="leader", position=0)])
        for n in range(1, entries + 1)
    ]  # fmt: skip
    seats = [
        Judge(contest_id=contest.id, name=f"评委{n}", organization=f"评委单位{n}", organization_key=f"评委单位{n}",
              role="chief" if n == 1 else "judge", position=n)
        for n in range(1, judges + 1)
    ]  # fmt: skip
    panel = Panel(contest_id=contest.id, name="评委组")
    db.session.add_all([*rows, *seats, panel])
    db.session.flush()
    db.session.add_all(Seat(panel_id=panel.id, judge_id=judge.id, position=judge.position) for judge in seats)
    session = Session(contest_id=contest.id, part_id=part.id, panel_id=panel.id, name="第一场", state="open")
    db.session.add(session)
    db.session.flush()
    db.session.add_all(Slot(session_id=session.id, entry_id=row.id, position=row.number) for row in rows)
    made = SimpleNamespace(contest=contest, event=event, stage=stage, part=part, criteria=leaves, tiers=tiers,
                           entries=rows, judges=seats, panel=panel, session=session)  # fmt: skip
    if marked:
        mark_all(made)
    db.session.commit()
    return made


def mark_all(final: SimpleNamespace) -> None:
    """Submits every sheet: entry n gets fewer points than entry n-1, judge k differs a little from judge k-1."""
    part = schemes.part_value(final.part)
    leaf = {row.code: row for row in final.criteria}
    sheets, marks = [], []
    for entry in final.entries:
        for judge in final.judges:
            given = {}
            for code, row in leaf.items():
                lost = (entry.number * 2 + judge.position % 4) * row.step
                given[code] = max(row.maximum - lost, 0)
            sheet = {"part_id": final.part.id, "session_id": final.session.id, "entry_id": entry.id, "judge_id": judge.id,
                     "state": "submitted", "total": sheet_total(part, given), "comment": "", "revision": 1,
                     "updated_at": NOW, "submitted_at": NOW, "return_reason": ""}  # fmt: skip
            sheets.append(sheet)
            marks.append(given)
    ids = db.session.scalars(sa.insert(Sheet).returning(Sheet.id, sort_by_parameter_order=True), sheets).all()
    rows = [
        {"sheet_id": number, "criterion_id": leaf[code].id, "value": value}
        for number, given in zip(ids, marks, strict=True)
        for code, value in given.items()
    ]
    db.session.execute(sa.insert(Mark), rows)
    schemes.freeze(final.event, actor=schemes.audit.SYSTEM, now=NOW)


@again
def make_people(contest: Contest) -> SimpleNamespace:
    """Accounts: alice organiser, bob finance, carol supervisor, dan nothing here, eve administrator."""
    people = {name: User(login=name, name=name.title(), created_at=NOW) for name in ("alice", "bob", "carol", "dan", "eve")}
    people["eve"].is_admin = True
    db.session.add_all(people.values())
    db.session.flush()
    roles = {"alice": "organiser", "bob": "finance", "carol": "supervisor"}
    db.session.add_all(Membership(contest_id=contest.id, user_id=people[name].id, role=role) for name, role in roles.items())
    db.session.commit()
    return SimpleNamespace(**people)


@contextmanager
def counted_queries():
    """`with counted_queries() as statements:` lists the SQL statements run inside."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


class Client:
    """A signed-in browser without scripts. Every HTML page it gets must be well formed, titled, without double ids or inline code."""

    def __init__(self, app, person=None):
        self._app = app
        self._client = app.test_client()
        if person is not None:
            with self._client.session_transaction() as session:
                session["_user_id"] = person.get_id()
                session["_fresh"] = True
                session["device"] = "TEST01"

    def get(self, url: str, *, status: int = 200, **kwargs):
        return self._inspect("get", url, status, **kwargs)

    def post(self, url: str, data=None, *, status: int = 302, **kwargs):
        """Posts a form; 302 means accepted. `follow_redirects=True, status=200` for the page after it."""
        return self._inspect("post", url, status, data=data, **kwargs)

    def _inspect(self, method: str, url: str, status: int, **kwargs):
        # A context of its own per request, as in a server: nothing of the test's `g` or session leaks in.
        db.session.rollback()
        with self._app.app_context():
            answer = getattr(self._client, method)(url, **kwargs)
        db.session.expire_all()
        assert answer.status_code == status, f"{answer.status_code}: {answer.get_data(as_text=True)[:2000]}"
        if answer.mimetype == "text/html" and answer.status_code != 302:
            check_page(answer.get_data(as_text=True))
        return answer


# No control characters and nothing that is a mark of HTML, nor the signs that stand for nobody.
ORDINARY = r"[^<>&\"'\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]"
VALUES = re.compile(rf' (?!type=)([\w:-]+)="{ORDINARY}*"')
BLANKS = re.compile(r">\s+(?=<)")
WORDS = re.compile(rf">\s*(?!\s){ORDINARY}+(?=<)")
TITLE = re.compile(r"<title>([^<]*)</title>")
IDS = re.compile(r'<[^<>]*\sid="([^"]*)"')
proven: set[str] = set()


def shape(html: str) -> str:
    """The page with every plain text and value taken out: all that its being valid rests on. With a comment: the page itself."""
    return html if "<!--" in html else WORDS.sub(">x", BLANKS.sub("> ", VALUES.sub(r" \1", html)))


def check_page(html: str) -> None:
    assert "".join(TITLE.findall(html)).strip(" ·赛评"), "the page has no title"
    ids = IDS.findall(html)
    assert len(ids) == len(set(ids)), f"double ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    like = shape(html)
    if like in proven:
        return
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert not parser.errors, f"not valid HTML: {[(position, code) for position, code, _ in parser.errors[:5]]}"
    assert sorted(ids) == sorted(node.get("id") for node in tree.iter() if node.get("id")), "an id is not written as others are"
    assert tree.findtext(".//title"), "the title is not read"
    for node in tree.iter():
        for name in node.attrib:
            assert name != "style" and not name.startswith("on"), f"inline {name} on <{node.tag}> breaks the CSP"
        assert not (node.tag == "script" and not node.get("src") and node.get("type") != "application/json"), "inline script"
    proven.add(like)


def tree_of(html: str):
    """The elements of a page that `check_page` found valid: any reader reads it alike."""
    return lxml.html.document_fromstring(html)


def words_of(answer) -> str:
    """Everything a file or page says: a workbook's sheets, names and properties too."""
    head = " ".join(f"{name}: {value}" for name, value in answer.headers)
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            return head + " ".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return head + answer.get_data(as_text=True)
