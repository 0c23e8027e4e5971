"""Makes the parts of file-form.md that follow from the product: what the examples come to, every field, every rule.

    python docs/file_form.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from compete.office.tally_text import standings  # noqa: E402
from scoring import form  # noqa: E402
from scoring.form import reference  # noqa: E402

PAGE = ROOT / "docs" / "file-form.md"
EXAMPLE = re.compile(r"```json\n(\{\n  \"format\": \"compete-tally\".*?)```\n(\n```text\n.*?```\n)?", re.DOTALL)
PART = re.compile(r"(<!-- (fields|rules) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def made(text: str) -> str:
    """The page with everything that is made, made anew."""
    return PART.sub(_part, EXAMPLE.sub(_example, text))


def _example(found: re.Match) -> str:
    tally = form.read(form.loads(found[1]))
    if isinstance(tally, tuple):
        raise ValueError("\n".join(map(str, tally)))
    return f"```json\n{form.dumps(form.loads(found[1]))}```\n\n```text\n{standings(form.work_out(tally))}```\n"


def _part(found: re.Match) -> str:
    return f"{found[1]}\n{getattr(reference, found[2])()}{found[3]}"


if __name__ == "__main__":
    PAGE.write_text(made(PAGE.read_text("utf-8")), "utf-8")
