"""Workbooks in and out: a long roster to its preview, every workbook of a final, a long list beside openpyxl."""

import time
from functools import partial
from io import BytesIO

import openpyxl

from benchmarks.measure import Figure
from benchmarks.pages import fill, roster
from benchmarks.world import Browser, World, world
from compete.excel.lists import plain_list

ROWS, MOST_IMPORT, MOST_WORKBOOK = 10_000, 5.0, 1.0
LIST_ROWS, SHARE = 100_000, 0.2
RUNS = 3


def run(_options) -> list[Figure]:
    print("\nworkbooks")
    with world(entries=35, judges=9, marked=False) as made:
        fill(made)
        browser = Browser(made.app, made.organiser)
        found = [_import(made, browser), *_papers(made, browser)]
    return [*found, _long_list()]


def _import(made: World, browser: Browser) -> Figure:
    """From the upload to the first page of the preview."""
    data = roster(ROWS)
    took = []
    for _ in range(RUNS):
        upload = {"file": (BytesIO(data), "名单.xlsx"), "roster": "projects"}
        sent = browser.post_form(f"/contests/{made.final.contest.id}/imports/new?kind=entries", upload).must(302)
        shown = browser.get(sent.headers["Location"]).must(200)
        assert f"{ROWS:,}" in (text := shown.body.decode()) or str(ROWS) in text, "the preview does not tell of every row"
        took.append(sent.seconds + shown.seconds)
    seconds = sorted(took)[RUNS // 2]
    print(f"import with preview: {ROWS:,} rows in {seconds:.2f} s")
    return Figure(f"import of {ROWS:,} rows with preview", f"≤ {MOST_IMPORT:.0f} s", f"{seconds:.2f} s", seconds <= MOST_IMPORT)


def _papers(made: World, browser: Browser) -> list[Figure]:
    final = made.final
    base = f"/contests/{final.contest.id}"
    papers = {
        "评分表 (filled)": f"{base}/documents/scoresheets?event_id={final.event.id}",
        "评分表 (blank)": f"{base}/documents/blank?session_id={final.session.id}",
        "成绩汇总表": f"{base}/documents/summary?event_id={final.event.id}",
        "获奖名单": f"{base}/documents/honours/1",
        "奖金发放表": f"{base}/prizes/export",
    }
    browser.post_form(f"{base}/prizes/draft", {}).must(302)
    found = []
    for name, path in papers.items():
        # The finance workbook is asked for by POST: its download is recorded.
        ask = partial(browser.post_form, path, {}) if path.endswith("/export") else partial(browser.get, path)
        answer = ask()
        if answer.status != 200 or not answer.body.startswith(b"PK"):
            print(f"  (not measured: {name}, {path} answers {answer.status})")
            continue
        took = sorted(ask().seconds for _ in range(RUNS))[RUNS // 2]
        print(f"{name}: {took:.2f} s, {len(answer.body) / 1000:.0f} kB")
        found.append(Figure(f"{name}, 35 entries × 9 judges", f"≤ {MOST_WORKBOOK:.0f} s", f"{took:.2f} s", took <= MOST_WORKBOOK))
    return found


def _long_list() -> Figure:
    """The same texts and numbers by our writer and by openpyxl's fastest way."""
    heads = ["编号", "名称", "单位", "联系电话", "总分"]
    rows = [[n, f"创新项目{n}", f"单位{n % 500}", f"138{n:08d}", n % 100] for n in range(LIST_ROWS)]
    ours, theirs = _seconds(lambda: plain_list(heads, rows)), _seconds(lambda: _by_openpyxl(heads, rows))
    print(f"list of {LIST_ROWS:,} rows: {ours:.2f} s, openpyxl {theirs:.2f} s")
    return Figure(f"list of {LIST_ROWS:,} rows", "≤ 1/5 of openpyxl", f"{ours:.2f} s of {theirs:.2f} s", ours <= theirs * SHARE, ours / theirs)


def _by_openpyxl(heads, rows) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for row in [heads, *rows]:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _seconds(job) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start
