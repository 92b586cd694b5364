"""The house rules, checked by reading the code: who may look at whom, and how big a room may grow."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "portal"
ROOMS = sorted(HOUSE.rglob("*.py"))
TEMPLATES = sorted((HOUSE / "templates").rglob("*.*"))
PURE = {"shapely", "holidays", "phonenumbers"}
SIGNING_IN = {"authlib", "joserfc", "requests", "pyotp", "webauthn"}
FLOORS = {  # floor: (floors it may use, outside packages it may use)
    "core": ({"core"}, PURE),
    "models": ({"core", "models"}, {"sqlalchemy", "flask_sqlalchemy"}),
    "adapters": (
        {"core", "adapters"},
        {"PIL", "pi_heif", "argon2", "limits", "obstore", "pyogrio", "sqlalchemy", "cryptography"}
        | SIGNING_IN,
    ),
    "services": ({"core", "models", "adapters", "services"}, {"sqlalchemy"}),
    "config": (set(), set()),
}
ANYTHING = {"web", "worker", "cli", "app", "serve"}
DOORS = {"account", "admin", "entrance", "resident", "staff"}
TOP_FLOOR_NAMES = {"request", "session", "current_app", "g"}
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic", "time.perf_counter"}
BANNED_NAMES = {"utils", "helpers", "common", "misc"}


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor(path: Path) -> str:
    return name(path).split(".")[1]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def under(*floors: str) -> list[Path]:
    return [path for path in ROOMS if path != HOUSE / "__init__.py" and floor(path) in floors]


def test_every_module_stands_on_a_known_floor() -> None:
    assert {floor(path) for path in ROOMS if path != HOUSE / "__init__.py"} <= set(FLOORS) | ANYTHING


def test_nobody_looks_upstairs() -> None:
    for path in under(*FLOORS):
        floors, packages = FLOORS[floor(path)]
        for target in imports(path):
            root, _, rest = target.partition(".")
            if root == "portal":
                assert rest.split(".")[0] in floors, f"{path} looks upstairs at {target}"
            elif root not in sys.stdlib_module_names:
                assert root in packages, f"{path} may not use {root}"


def test_doors_do_not_use_each_other() -> None:
    for path in under("web"):
        used = {target.split(".")[2] for target in imports(path) if target.startswith("portal.web.")}
        room = name(path).split(".")[2] if len(name(path).split(".")) > 2 else ""
        assert used & DOORS <= ({room} if room in DOORS else set()), f"{path} goes through another door"


def test_no_circles() -> None:
    modules = {name(path): imports(path) for path in ROOMS}

    def owner(target: str) -> str | None:
        return target if target in modules else target.rpartition(".")[0] if "." in target else None

    graph = {
        module: {found for target in targets if (found := owner(target)) in modules and found != module}
        for module, targets in modules.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module not in done:
            for target in graph[module]:
                visit(target, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())
    assert done == set(modules)


def test_imports_stand_at_the_top() -> None:
    for path in ROOMS:
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                hidden = [
                    inner for inner in ast.walk(node) if isinstance(inner, (ast.Import, ast.ImportFrom))
                ]
                assert not hidden, f"{path}:{node.lineno}"


def test_only_one_hand_commits() -> None:
    for path in ROOMS:
        if path != HOUSE / "models" / "base.py":
            assert not re.search(r"\.(commit|rollback)\(", path.read_text(encoding="utf-8")), path


def test_who_reported_is_read_in_one_room() -> None:
    for path in ROOMS:
        if not name(path).startswith(("portal.models", "portal.services.privacy")):
            assert "portal.models.Contact" not in imports(path), path


def test_the_law_does_not_look_at_the_clock() -> None:
    for path in under("core", "models", "services"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in CLOCKS, f"{path}:{node.lineno}: time is an argument"


def test_the_request_stays_on_the_top_floor() -> None:
    for path in under(*FLOORS):
        assert (
            not {target.split(".")[-1] for target in imports(path) if target.startswith("flask.")}
            & TOP_FLOOR_NAMES
        )


def test_rooms_stay_small() -> None:
    for path in ROOMS:
        assert path.stem not in BANNED_NAMES and path.parent.name not in BANNED_NAMES, path
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path} has {lines} lines: which two rooms is it?"
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert (node.end_lineno or 0) - node.lineno < 40, f"{path}:{node.name}"
    for folder in {path.parent for path in ROOMS}:
        assert len(list(folder.glob("*.py"))) <= 20, folder


def test_templates_stay_small() -> None:
    for path in TEMPLATES:
        if path.is_file():
            assert path.read_text(encoding="utf-8").count("\n") <= 120, path


def test_every_room_says_what_it_is_for() -> None:
    for path in ROOMS:
        if path.name != "forms.py":
            assert ast.get_docstring(tree(path)), path
    assert len(tree(HOUSE / "__init__.py").body) == 1


def test_the_law_stands_without_flask() -> None:
    modules = ", ".join(name(path) for path in under("core"))
    code = f"import sys, {modules}; sys.exit(any(m in sys.modules for m in ('flask', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
