"""What README and docs/ say is true: pictures, links, commands, settings, names of buttons and the figures worked out by hand."""

import hashlib
import importlib.util
import re
import shlex
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import run
import scoring
from compete.config import SETTINGS
from compete.office import cli
from scoring import form
from scoring.draws.order import draw_key

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"""\]\(([^)\s]+)\)|<img src="([^"]+)\"""")
BUTTON = re.compile(r"【([^】]+)】")
COMMAND = re.compile(r"(?:python3 run\.py|py run\.py|(?<!--app )\bcompete)\b(?: +[^\s`，。；、）)#]+)*")
KILOBYTE = 1000


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> list[str]:
    return [one or two for one, two in LINK.findall(text(page)) if not (one or two).startswith(("http:", "https:"))]


def pictures_named() -> set[str]:
    return {Path(link).stem for page in PAGES for link in links(page) if link.endswith(".png")}


@pytest.fixture(scope="module")
def maker(request):
    """docs/pictures.py as a module."""
    pytest.importorskip("playwright")
    path = list(sys.path)
    request.addfinalizer(lambda: sys.path.__setitem__(slice(None), path))
    spec = importlib.util.spec_from_file_location("pictures", DOCS / "pictures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def anchor(heading: str) -> str:
    """As GitHub makes it: lower case, blanks to hyphens, punctuation gone."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for link in links(page):
        file, _, place = link.partition("#")
        target = page.parent / file if file else page
        assert target.is_file(), link
        if place:
            assert place in {anchor(heading) for heading in re.findall(r"^#+ +(.+)$", text(target), re.M)}, link


def test_pictures_are_those_that_the_command_makes(maker):
    made = {picture.name for picture in maker.PICTURES if picture.name} | set(maker.DOORS)
    assert pictures_named() == made
    assert {path.stem for path in (DOCS / "pictures").glob("*.png")} == made


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > 250 * KILOBYTE} == {}
    assert sum(sizes.values()) <= 4000 * KILOBYTE


def words_of_pages() -> str:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.js")]
    return "\n".join(text(path) for path in files)


def test_every_button_named_stands_on_a_page():
    pages = words_of_pages()
    named = {name for page in PAGES for name in BUTTON.findall(text(page))} - {""}
    assert len(named) > 40
    # A whole text of the page: between tags, quotes or blanks, perhaps with a number or name after it.
    missing = [name for name in named if not re.search(rf"""[>"'`‹] *{re.escape(name)}[ ：]?(?:[<"'`{{$…]|\d)""", pages)]
    assert sorted(missing) == []


def commands() -> list[list[str]]:
    found = [match for page in PAGES for match in COMMAND.findall(text(page))]
    return [shlex.split(one) for one in sorted(set(found))]


@pytest.fixture(scope="module")
def file_form():
    """docs/file_form.py as a module."""
    spec = importlib.util.spec_from_file_location("file_form", DOCS / "file_form.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_examples_fields_and_rules_of_the_file_form_are_those_of_the_product(file_form):
    """`python docs/file_form.py` makes them again."""
    page = text(DOCS / "file-form.md")
    assert file_form.made(page) == page
    assert len(file_form.EXAMPLE.findall(page)) == 6


def test_every_field_of_the_result_is_told(file_form):
    told = set(re.findall(r"`([a-z_]+)`", text(DOCS / "file-form.md")))
    example = next(block for block, _ in file_form.EXAMPLE.findall(text(DOCS / "file-form.md")) if "理论" in block)
    found = form.result(form.read(form.loads(example)))
    lists = [found["standings"][0], found["awards"], found["awards"]["tiers"][0], found["teams"][0], found["teams"][0]["standings"][0]]
    assert {name for one in (found, *lists) for name in one} <= told


def test_every_command_can_be_given():
    given = [words[2:] if words[0] in ("python3", "py") else words for words in commands()]
    given = [words for words in given if words]
    assert ["backup", "比赛当天.zip"] in given and ["--empty"] in given
    for words in given:
        if words[:1] != ["test"]:
            command = words if words[0] == "compete" else run.serve_command(words)
            try:
                cli.parser().parse_args(command[1:])
            except cli.Refused as reason:
                # A command may be named in passing, without its file.
                assert str(reason).startswith("缺少 文件") and len(command) == 2, words


def test_settings_of_the_readme_are_those_of_the_product():
    rows = re.findall(r"^\| `(COMPETE_\w+)` \| (.+?) \|", text(ROOT / "README.md"), re.M)
    assert rows == [(setting.name, f"`{setting.default}`" if setting.default else "(empty)") for setting in SETTINGS]


def test_the_draw_worked_out_by_hand():
    page = text(DOCS / "supervisors.md")
    for number in ("08", "03"):
        key = hashlib.sha256(f"20261122-1:1:{number}".encode()).hexdigest()
        assert key == draw_key("20261122-1", 1, number)
        assert f"`{key[:16]}…`" in page


def test_the_standing_worked_out_by_hand():
    found = re.search(r"七位评委 ([\d.、]+)，去掉最高 ([\d.]+) 和最低 ([\d.]+)，其余五个相加 ([\d.]+)，除以 5 得 \*\*([\d.]+)\*\*", text(DOCS / "supervisors.md"))
    marks = sorted(Fraction(mark) for mark in found[1].split("、"))
    highest, lowest, total, mean = (Fraction(number) for number in found.groups()[1:])
    assert (marks[-1], marks[0]) == (highest, lowest)
    assert sum(marks[1:-1]) == total
    assert total / 5 == mean


def test_the_split_worked_out_by_hand():
    shares = [scoring.format_yuan(fen, grouped=True) for fen in scoring.split(200_000_00, [1, 1, 1])]
    assert "200,000.00 元三人平分是 " + "、".join(shares) in text(DOCS / "finance.md")
