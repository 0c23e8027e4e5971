"""The locks: complete, hashed, in step with pyproject.toml, and without an address in them."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.run.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = {"compete", "scoring", "tests", "run"}


def pins(name: str) -> dict[str, set[str]]:
    """Package -> pinned versions (one per platform at most)."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def declared(*, tests: bool) -> list[Requirement]:
    lines = PROJECT["dependencies"] + (PROJECT["optional-dependencies"]["test"] if tests else [])
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(("lock", "tests"), [("requirements.lock", False), ("requirements-test.lock", True)])
def test_lock_fulfils_the_project(lock, tests):
    pinned = pins(lock)
    for requirement in declared(tests=tests):
        versions = pinned[canonicalize_name(requirement.name)]
        assert versions and all(requirement.specifier.contains(version) for version in versions), requirement


def test_test_lock_repeats_the_run_lock():
    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name: test.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_is_hashed_and_nothing_names_a_place(lock):
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|/home|/root|/work|(?m:^)--", text)


def imported(folder: str) -> set[str]:
    """Top-level names of all modules imported anywhere below a folder."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    return names - OURS - set(sys.stdlib_module_names)


@pytest.mark.parametrize(("folder", "tests"), [("compete", False), ("scoring", False), ("tests", True)])
def test_every_import_is_a_declared_dependency(folder, tests):
    """A library that merely comes along with another may leave with it."""
    known = {canonicalize_name(requirement.name) for requirement in declared(tests=tests)}
    homes = packages_distributions()
    undeclared = {name for name in imported(folder) if not known & {canonicalize_name(home) for home in homes.get(name, [])}}
    # These are part of what Flask is made of, and named in its own documentation.
    assert undeclared - {"werkzeug", "jinja2", "markupsafe", "packaging"} == set()
