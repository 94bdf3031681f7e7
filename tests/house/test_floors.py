"""Arrows go down, and each library is used on one floor only."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, files, imported_modules, modules, nodes, parsed, place

pytestmark = pytest.mark.xdist_group("house")

# Library -> where it may be imported (a folder ends with a slash).
PLACES = {
    "flask": ("web/", "cli.py", "app.py"),
    "flask_wtf": ("web/",),
    "wtforms": ("web/",),
    "werkzeug": ("web/", "cli.py", "app.py"),
    "click": ("cli.py",),
    "sqlite3": ("store/",),
    "sqlite_utils": ("store/",),
    "smtplib": ("transport.py",),
    "imaplib": ("mailbox.py",),
    "weasyprint": ("documents/",),
    "pypdfium2": ("documents/",),
    "icalendar": ("documents/",),
    "waitress": ("server.py",),
    "dotenv": ("config.py",),
    # Nothing in the house calls another host.
    "urllib.request": (),
    "http.client": (),
    "requests": (),
    "httpx": (),
}
ANYWHERE = {"werkzeug.security"}  # password hashing knows nothing of requests
OWN_FLOORS = ("eventkit.model", "eventkit.rules", "eventkit.errors", "eventkit.language")
OWN_FLOORS += ("eventkit.links",)
LAZY = {"weasyprint"}  # half a second: imported when the first PDF is asked for


def misplaced(where: str, tree: ast.AST) -> list[str]:
    """Imports of a library outside its floor."""
    found = []
    for module, line in imported_modules(tree):
        for library, places in PLACES.items():
            if module != library and not module.startswith(library + "."):
                continue
            if module not in ANYWHERE and not any(_in(where, allowed) for allowed in places):
                found.append(f"{where}:{line} imports {module}")
    return found


def _in(where: str, allowed: str) -> bool:
    return where.startswith(allowed) if allowed.endswith("/") else where == allowed


def impure(where: str, tree: ast.AST) -> list[str]:
    """Imports of model and rules that are neither the standard library nor a low floor."""
    if not where.startswith(("model/", "rules/")):
        return []
    return [
        f"{where}:{line} imports {module}"
        for module, line in imported_modules(tree)
        if module.split(".")[0] not in sys.stdlib_module_names
        and module != "eventkit"
        and not module.startswith(OWN_FLOORS)
    ]


def hidden(where: str, tree: ast.AST) -> list[str]:
    """Imports inside a function: that is how circles hide."""
    found = []
    for function in nodes(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += [
                f"{where}:{line} imports {module} inside a function"
                for module, line in imported_modules(function)
                if module.split(".")[0] not in LAZY
                and not (module.startswith("eventkit.documents") and where.startswith("documents/"))
            ]
    return sorted(set(found))


def relative(where: str, tree: ast.AST) -> list[str]:
    """Relative imports: the house writes addresses in full."""
    return [
        f"{where}:{node.lineno} imports relatively"
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


RULES = (misplaced, impure, hidden, relative)


def test_every_import_is_where_it_may_be():
    """Nothing here asks another host for anything (R31)."""
    found = [
        offence
        for path in modules()
        for rule in RULES
        for offence in rule(place(path), parsed(path))
    ]
    assert not found, "\n".join(found)


def test_these_rules_can_fail():
    assert misplaced("actions/post.py", ast.parse("from smtplib import SMTP"))
    assert misplaced("rules/seats.py", ast.parse("import flask.views"))
    assert misplaced("documents/pdf.py", ast.parse("from urllib.request import urlopen"))
    assert not misplaced("web/public.py", ast.parse("from flask import abort"))
    assert not misplaced("actions/accounts.py", ast.parse("import werkzeug.security"))
    assert impure("model/event.py", ast.parse("import babel"))
    assert impure("rules/seats.py", ast.parse("from eventkit.store import events"))
    assert not impure("rules/seats.py", ast.parse("import re\nfrom eventkit.model import event"))
    assert hidden("store/rows.py", ast.parse("def f():\n    import json"))
    assert not hidden("documents/pdf.py", ast.parse("def f():\n    import weasyprint"))
    assert relative("web/public.py", ast.parse("from . import access"))


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_floors_hold():
    result = linted(ROOT)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]


def test_an_arrow_that_points_up_is_found(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("__init__", "store", "actions"):
        (tmp_path / "eventkit").mkdir(exist_ok=True)
        (tmp_path / "eventkit" / f"{name}.py").write_text('"""A sample."""\n')
    assert linted(tmp_path).returncode == 0
    (tmp_path / "eventkit" / "store.py").write_text("from eventkit import actions\n")
    result = linted(tmp_path)
    assert result.returncode == 1
    assert "eventkit.store -> eventkit.actions" in result.stdout


def test_every_library_is_pinned_and_used():
    """R76"""
    text = (ROOT / "requirements.txt").read_text()
    pins = re.findall(r"^([\w-]+)==\S+$", text, re.MULTILINE)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(pins) == len(lines), "every requirement has one exact version"
    listed = re.findall(r"^([\w-]+)==", text.split("\n\n")[0], re.MULTILINE)
    direct = {name.replace("-", "_").lower() for name in listed}
    other_names = {"dotenv": "python_dotenv", "PIL": "pillow", "markdown_it": "markdown_it_py"}
    comes_along = {
        "click",
        "itsdangerous",
        "jinja2",
        "markupsafe",
        "werkzeug",
        "wtforms",
    }  # with Flask, Flask-WTF
    foreign = {
        (name := module.split(".")[0]) and other_names.get(name, name)
        for path in modules()
        for module, _ in imported_modules(parsed(path))
        if module.split(".")[0] not in {*sys.stdlib_module_names, "eventkit", "app"}
    }
    assert foreign <= direct | comes_along, (
        f"not in requirements.txt: {foreign - direct - comes_along}"
    )


def test_the_files_to_read_are_found():
    assert files("eventkit/**/*.py")
