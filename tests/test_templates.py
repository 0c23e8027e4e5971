"""What every template keeps to: forms that post carry the CSRF token, messages are shown once, pages get their h1 from the layout."""

import re
from pathlib import Path

import compete

FOLDER = Path(compete.__file__).parent.parent / "templates"
TEMPLATES = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.html"))}
INCLUDE = re.compile(r'{% include "([^"]+)" %}')
FORM = re.compile(r"<form\b[^>]*?>(?:(?!</form>).)*", re.S)
TOKEN = re.compile(r"csrf|hidden_tag\(")
OWN_PAGE = re.compile(r"{% block body %}")


def whole(text: str) -> str:
    """A template with what it includes."""
    return INCLUDE.sub(lambda found: TEMPLATES[found[1]], text)


def forms_without_token(text: str) -> list[str]:
    """Opening tags of forms that post and hold no CSRF token."""
    posting = (form for form in FORM.findall(text) if re.search(r"\bmethod=[\"']?post", form, re.I))
    return [form.split(">")[0][:120] for form in posting if not TOKEN.search(form)]


def test_a_form_without_token_would_be_seen():
    assert forms_without_token('<form method="get"></form><form class="x" method="post" action="/y"><input></form>')
    assert not forms_without_token('<form method="post">{{ csrf() }}<input></form>')


def test_every_posting_form_carries_the_token():
    posting = sum(len(re.findall(r"method=\"post\"", text)) for text in TEMPLATES.values())
    assert posting > 40
    assert {name: found for name, text in TEMPLATES.items() if (found := forms_without_token(whole(text)))} == {}


def test_only_the_layouts_show_messages():
    """Messages are taken out of the session when shown; a second place on a page would show nothing, or hide them from the first."""
    layouts = {"shared/layout.html", "shared/bare.html", "shared/macros.html"}
    assert {name for name, text in TEMPLATES.items() if "messages(" in text} <= layouts


def test_pages_in_the_layouts_have_one_heading():
    """layout.html and bare.html make the h1 of the title; a page with a body of its own brings exactly one (the tablet's
    is made by its script: the accessibility test looks at it)."""
    for name, text in TEMPLATES.items():
        if name == "marking/tablet.html":
            continue
        own = len(re.findall(r"<h1[\s>]", text))
        if 'extends "shared/layout.html"' in text or 'extends "shared/bare.html"' in text:
            assert own == 0, name
        elif OWN_PAGE.search(text) and name != "shared/base.html":
            assert own == 1, name
