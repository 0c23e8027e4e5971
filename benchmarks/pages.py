"""Every page an organiser can open: server time and queries, at 35 and at 1,000 entries.

The bound is a view that finds session, person and contest as every page does and answers one word.
"""

from datetime import timedelta
from io import BytesIO

import openpyxl

from benchmarks.measure import Figure, Times, some, table, times
from benchmarks.world import NOW, Browser, World, mark_all, world
from compete.access import guard
from compete.audit.service import SYSTEM
from compete.awards import service as awards
from compete.contests import schemes
from compete.judging import cards, draws
from compete.models import Draw, Release, Sheet, db
from compete.results.facts import board
from tests.support import counted_queries

MOST_MS, MOST_QUERIES = 30, 12
SIZES = ((35, 9), (1000, 9))
# Not pages: files that are served, and documents whose time has a target of its own (see workbooks).
NOT_PAGES = {"entries.attachment", "entries.template"}


def run(_options) -> list[Figure]:
    figures = []
    for entries, judges in SIZES:
        print(f"\npages · {entries:,} entries × {judges} judges × 6 criteria")
        with world(entries=entries, judges=judges, marked=False) as made:
            figures += _measure(made, entries)
    return figures


def _measure(made: World, entries: int) -> list[Figure]:
    _add_bound(made.app)
    fill(made)
    browser = Browser(made.app, made.organiser)
    bare = f"/contests/{made.final.contest.id}/bench-bound"
    rows, bounds = [], []
    for name, path in _paths(made, browser):
        answer = browser.get(path)
        if answer.status != 200:
            print(f"  (not measured: {path} answers {answer.status})")
            continue
        if not answer.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
            continue
        with counted_queries() as statements:
            browser.get(path)
        page, bound = times(lambda path=path: browser.get(path), lambda: browser.get(bare), runs=15, seconds=1.5)
        bounds.append(bound.median)
        rows.append((name, page, len(statements), page.median / bound.median, len(answer.body)))
    rows.sort(key=lambda row: -row[1].median)
    shown = [(name, f"{page.median * 1000:.1f}", f"{page.fastest * 1000:.1f}", f"{page.clock * 1000:.1f}", queries, f"{ratio:.1f}×", f"{size / 1000:.0f} kB", _mark(page, queries))
             for name, page, queries, ratio, size in rows]  # fmt: skip
    print(table(shown, ("page", "median ms", "fastest ms", "clock ms", "queries", "to bound", "size", "")))
    print(f"bound: {sorted(bounds)[len(bounds) // 2] * 1000:.2f} ms")
    return _figures(rows, entries)


def _mark(page: Times, queries: int) -> str:
    return " ".join(["SLOW"] * (page.median * 1000 > MOST_MS) + ["QUERIES"] * (queries > MOST_QUERIES))


def _figures(rows, entries: int) -> list[Figure]:
    slowest = rows[0]
    most = max(rows, key=lambda row: row[2])
    slow = [row[0] for row in rows if row[1].median * 1000 > MOST_MS]
    many = [row[0] for row in rows if row[2] > MOST_QUERIES]
    where = f"{entries:,} entries, {len(rows)} pages"
    return [
        Figure(f"slowest page, {where}", f"≤ {MOST_MS} ms", slowest[1].ms, not slow, slowest[3], some(slow) or slowest[0]),
        Figure(f"most queries, {where}", f"≤ {MOST_QUERIES}", str(most[2]), not many, 0, some(many) or most[0]),
    ]


def _add_bound(app) -> None:
    @app.get("/contests/<int:contest_id>/bench-bound")
    @guard("contest.view")
    def bench_bound():
        return "ok"


def fill(made: World) -> None:
    """What the pages need beside marks: cards, a draw, a release, an import under preview."""
    final = made.final
    drawn = draws.make(final.session, seed="2026", method="system", apart=False, reason="", actor=SYSTEM, now=NOW)
    mark_all(final)
    for judge in final.judges:
        cards.issue_card(judge, actor=SYSTEM, now=NOW - timedelta(days=1))
    final.part.locked_at, final.part.locked_by = NOW, "评委1"
    db.session.flush()
    released = awards.release(board=board(schemes.load(final.event.id)), notice_days=3, actor=SYSTEM, now=NOW)
    db.session.commit()
    if not isinstance(drawn, Draw) or not isinstance(released, Release):
        raise SystemExit(f"{drawn} {released}")
    upload = {"file": (BytesIO(roster(len(final.entries))), "名单.xlsx"), "roster": "projects"}
    Browser(made.app, made.organiser).post_form(f"/contests/{final.contest.id}/imports/new?kind=entries", upload).must(302)


def roster(rows: int) -> bytes:
    """A list of projects as organisers send it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("参赛项目")
    sheet.append(["序号", "项目名称", "所属单位", "赛项", "主要完成人", "联系电话"])
    for n in range(1, rows + 1):
        sheet.append([n, f"新的创新项目{n}", f"新单位{n % 500}", "金成果", f"张三{n % 9}、李四{n % 7}", f"138{n:08d}"])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _paths(made: World, browser: Browser):
    """(endpoint, path) of every guarded page of the contest, with ids that exist."""
    final = made.final
    ids = {
        "contest_id": final.contest.id, "event_id": final.event.id, "entry_id": final.entries[-1].id, "judge_id": final.judges[1].id,
        "panel_id": final.panel.id, "session_id": final.session.id, "part_id": final.part.id, "number": 1, "import_id": 1,
        "sheet_id": db.session.query(db.func.min(Sheet.id)).scalar(), "kind": "entries",
    }  # fmt: skip
    adapter = made.app.url_map.bind("localhost")
    for rule in sorted(made.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        guarded = getattr(made.app.view_functions[rule.endpoint], "guard", None)
        if "GET" not in rule.methods or guarded in (None, "public", "judge", "admin") or rule.endpoint in NOT_PAGES | {"bench_bound"}:
            continue
        unknown = rule.arguments - ids.keys()
        if unknown:
            print(f"  (not measured: {rule.rule} needs {', '.join(sorted(unknown))})")
            continue
        yield rule.endpoint, adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments})
