"""The wheel holds everything the tree has for it and nothing else, and works where nothing of the tree is."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.run.conftest import ROOT

IGNORED = {"__pycache__", ".DS_Store"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def files_below(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not IGNORED & set(path.parts) and path.suffix != ".pyc"
    }


def expected() -> set[str]:
    moved = {"templates": "compete/_templates", "static": "compete/_static"}
    packed = {place + name.removeprefix(folder) for folder, place in moved.items() for name in files_below(folder)}
    return files_below("compete") | files_below("scoring") | packed


def test_wheel_holds_the_tree(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected()
    for kind in ("compete/_templates/shared/layout.html", "compete/_static/shared/theme.css", "compete/migrations/versions/0001_first_tables.py"):
        assert kind in held
    assert any(name.startswith("compete/presets/") and name.endswith(".yaml") for name in held)


def test_wheel_names_its_command_and_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        texts = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "compete = compete.office.cli:main" in texts["entry_points.txt"]
    assert "Requires-Python: >=3.11" in texts["METADATA"] and "Requires-Dist: granian" in texts["METADATA"]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel alone; the libraries come from the one the tests run in. Answers its folder of programs."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    here = subprocess.run([sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True)
    there = subprocess.run([programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True)
    with open(os.path.join(there.stdout.strip(), "libraries.pth"), "w", encoding="utf-8") as file:
        file.write(here.stdout)
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True)
    return programs


def run(installed, empty, *arguments):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "COMPETE_"))}
    return subprocess.run([installed / "compete", *arguments], cwd=empty, env=clean, capture_output=True, text=True)


def test_installed_command_works_in_an_empty_folder(installed, tmp_path):
    help_text = run(installed, tmp_path, "--help")
    assert help_text.returncode == 0 and "serve" in help_text.stdout
    made = run(installed, tmp_path, "init")
    assert made.returncode == 0, made.stderr
    assert "/claim/" in made.stdout and (tmp_path / "data" / "compete.db").exists()
    assert run(installed, tmp_path, "check").stdout.endswith("全部正常。\n")


def test_installed_application_finds_its_pages(installed, tmp_path):
    script = (
        "import compete; app = compete.create_app({'DATA': 'data'}); client = app.test_client()\n"
        "page = client.get('/sign-in'); assert page.status_code == 200, page.status_code\n"
        "assert client.get('/static/shared/theme.css').status_code == 200\n"
        "print(compete.__file__)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "COMPETE_"))}
    done = subprocess.run([installed / "python", "-c", script], cwd=tmp_path, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout.splitlines()[-1]
