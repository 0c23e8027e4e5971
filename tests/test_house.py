"""The house keeps its order: imports go one way, every route has one guard, the tables are what the migrations make."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from compete import config, create_app
from compete.access import POWERS
from compete.models import ROLES, db

ROOT = Path(__file__).resolve().parent.parent

# Rooms from the ground up; a room imports from its own floor or a lower one.
FLOORS = (
    ("scoring",),
    ("compete.texts", "compete.clock", "compete.config", "compete.vault", "compete.disk"),
    ("compete.models",),
    ("compete.database", "compete.prepared", "compete.audit.service", "compete.audit.batch"),
    ("services",),
    ("compete.excel",),
    ("compete.access", "compete.cookies", "compete.web"),
    ("compete.setup",),
    ("views",),
    ("compete.office", "compete.__main__", "compete"),
)
# Files of a slice that speak to the browser; all others of a slice are services.
WEB = re.compile(r"\.(views|\w+_views|forms|rows|fields|rule_fields|blueprint|base|pages_\w+|api|guards|entrance|review|charts|draft_form|draft_plan)$")
FLASK = {"flask", "flask_login", "flask_wtf", "wtforms"}


def modules():
    for path in sorted([*(ROOT / "compete").rglob("*.py"), *(ROOT / "scoring").rglob("*.py")]):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, path


NAMES = {name for name, _ in modules()}


def floor(name: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if any(name == room or (room != "compete" and name.startswith(room + ".")) for room in rooms):
            return number
    return FLOORS.index(("views",)) if WEB.search(name) else FLOORS.index(("services",))


def imported(path: Path, name: str) -> set[str]:
    """Our own modules that a file imports anywhere in it."""
    found = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).strip(".")
            found |= {f"{base}.{alias.name}" if f"{base}.{alias.name}" in NAMES else base for alias in node.names}
    return {name for name in found if name in NAMES}


def test_imports_go_downwards():
    wrong = [
        f"{name} (floor {floor(name)}) imports {other} (floor {floor(other)})"
        for name, path in modules()
        for other in imported(path, name)
        if floor(other) > floor(name)
    ]
    assert wrong == []


def test_services_know_nothing_of_the_browser():
    wrong = []
    for name, path in modules():
        if floor(name) > FLOORS.index(("services",)) or name == "compete.models.base":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in FLASK:
                taken = {alias.name for alias in node.names} - {"current_app", "UserMixin"}
                wrong += [f"{name} takes {sorted(taken)} from {node.module}"] if taken else []
    assert wrong == []


def test_every_route_has_one_guard(tmp_path):
    app = create_app({"DATA": str(tmp_path), "TESTING": True})
    known = {*POWERS, "public", "account", "admin", "judge", "chief"}
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.endswith("static") and getattr(app.view_functions[rule.endpoint], "guard", None) not in known
    ]
    assert bare == []
    assert len(list(app.url_map.iter_rules())) > 60


def test_every_power_is_held_by_known_roles():
    assert set().union(*POWERS.values()) <= {*ROLES, "judge"}


def test_routes_under_a_contest_are_never_public(tmp_path):
    app = create_app({"DATA": str(tmp_path), "TESTING": True})
    open_doors = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/contests/<int:contest_id>") and app.view_functions[rule.endpoint].guard in ("public", "account", "judge")
    ]
    assert open_doors == []


def test_migrations_make_the_tables_of_the_models(tmp_path):
    from compete.office import upgrade

    app = create_app({"DATA": str(tmp_path)})
    with app.app_context():
        upgrade.to()
        with db.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
            assert connection.execute(sa.text("PRAGMA synchronous")).scalar() == 2  # FULL
        db.engine.dispose()


def test_readme_tells_of_every_setting():
    text = (ROOT / "README.md").read_text("utf-8")
    assert [setting.name for setting in config.SETTINGS if setting.name not in text] == []


def test_no_process_loads_at_its_start_what_few_pages_need(tmp_path):
    """pypinyin's phrases alone are 55 MB, in each of several processes on a small laptop."""
    script = "import sys; from compete import create_app; create_app({'DATA': sys.argv[1]}); print({'pypinyin', 'cn2an', 'scipy', 'alembic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script, tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr
