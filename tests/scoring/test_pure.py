"""The engine stands alone: the standard library only, nothing that reads, waits, guesses or floats."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import scoring

MODULES = sorted(Path(scoring.__file__).parent.rglob("*.py"))
ALLOWED = {"bisect", "collections", "dataclasses", "decimal", "difflib", "fractions", "functools", "hashlib", "importlib",
           "itertools", "json", "math", "operator", "re", "types", "typing", "unicodedata"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


# numpy is optional: only these modules may ask for it, and the product gives the same figures without it.
WITH_NUMPY = {path for path in MODULES if "bulk" in path.relative_to(Path(scoring.__file__).parent).parts[0]}
# Statistics about judges are told to people and decide nothing: only there may a float be used.
WITH_FLOATS = WITH_NUMPY | {path for path in MODULES if path.stem in ("agreement", "intervals")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports(path):
    allowed = ALLOWED | {"numpy"} if path in WITH_NUMPY else ALLOWED
    assert set(imported(ast.parse(path.read_text(encoding="utf-8")))) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_float_and_no_true_division(path):
    if path in WITH_FLOATS:
        return
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("float", "round", "open", "print"))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            assert "Fraction" in source        # where a slash stands, both sides are Fractions


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("name", scoring.CATALOGUES)
def test_every_rule_can_be_read_by_an_organiser(name):
    for code, rule in scoring.CATALOGUES[name].items():
        assert rule.code == code
        assert all((rule.label_zh, rule.label_en, rule.meaning, rule.source))


def test_labels_do_not_repeat_within_a_catalogue():
    for name, rules in scoring.CATALOGUES.items():
        labels = [rule.label_en for rule in rules.values()]
        assert len(set(labels)) == len(labels), name
    assert scoring.choices(scoring.PANEL_RULES)[0] == ("mean", "平均分")


SCRIPT = """
import json
from tests.scoring.build import *
from scoring import *
part = roadshow(Panel())
given = field(*[entry(n, part, *[60 + n * k * 7 % 30 for k in range(1, 8)]) for n in range(1, 60)])
scheme = plain(part, ties=(TieRule('untrimmed_mean'), TieRule('shared')))
print(json.dumps(compute(scheme, given).to_json(), sort_keys=True), digest(scheme))
"""


def test_two_processes_give_the_same_bytes():
    root = Path(scoring.__file__).parent.parent
    outputs = {subprocess.run([sys.executable, "-c", SCRIPT], cwd=root, check=True, capture_output=True,
                              env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}).stdout for seed in "12"}
    assert len(outputs) == 1
