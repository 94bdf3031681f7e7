"""A file's name says what is in it, its first line what it is for, and it stays readable."""

import ast
from pathlib import Path

import pytest

from tests.house.source import files, modules, nodes, parsed, place

pytestmark = pytest.mark.xdist_group("house")
NO_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "legacy", "v2", "new", "old"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 80


def nameless(path: Path) -> bool:
    """Whether a file or one of its folders has a name that says nothing."""
    return any(part.split(".")[0] in NO_NAMES for part in path.parts)


def undescribed(tree: ast.Module) -> bool:
    """Whether the module does not say in its first line what it is for."""
    described = ast.get_docstring(tree)
    return bool(tree.body) and not (described and described.splitlines()[0].strip())


def too_long(text: str, tree: ast.Module) -> list[str]:
    """What is longer than a reader's patience."""
    found = []
    if (lines := text.count("\n")) > LONGEST_FILE:
        found.append(f"has {lines} lines")
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{node.name} has {length} lines")
    return found


def test_every_name_says_something():
    everything = files(
        "*.py", "eventkit/**/*", "templates/**/*", "static/**/*.js", "static/**/*.css"
    )
    everything += files("tests/**/*.py", "benchmarks/**/*")
    found = [str(place(path)) for path in everything if nameless(Path(place(path)))]
    assert not found, found


def test_every_module_says_what_it_is_for():
    everything = modules() + files("tests/**/*.py", "benchmarks/*.py")
    found = [place(path) for path in everything if undescribed(parsed(path))]
    assert not found, found


def test_every_file_stays_readable():
    found = [
        f"{place(path)} {o}" for path in modules() for o in too_long(path.read_text(), parsed(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["web/utils.py", "helpers/dates.py", "store/v2.py"])
def test_a_name_that_says_nothing_is_found(name):
    assert nameless(Path(name))
    assert not nameless(Path("rules/seats.py"))


def test_the_other_rules_can_fail():
    assert undescribed(ast.parse("import os\n"))
    assert undescribed(ast.parse('"""\n\n"""\nx = 1\n'))
    assert not undescribed(ast.parse('"""Seats."""\nx = 1\n'))
    long, longer = "x = 1\n" * 401, "def f():\n" + "    x = 1\n" * 80
    assert too_long(long, ast.parse(long)) == ["has 401 lines"]
    assert too_long(longer, ast.parse(longer)) == ["f has 81 lines"]
