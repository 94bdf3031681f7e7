"""docs/promises.md tells the truth: what it names is there, and tests know their promise."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, parsed

pytestmark = pytest.mark.xdist_group("house")
NUMBERS = {
    *(f"R{n}" for n in (*range(1, 26), *range(30, 43), *range(50, 59), *range(60, 65))),
    *(f"R{n}" for n in range(70, 77)),
    "R9a",
}
Row = tuple[str, list[str]]


def rows(text: str) -> list[Row]:
    """Each line of the tables: the promise, and what is named in it as code."""
    found = re.findall(r"^\| (R\d+a?) \|(.*)\|$", text, re.MULTILINE)
    return [(number, re.findall(r"`([^`]+)`", rest)) for number, rest in found]


def wrong(row: Row) -> list[str]:
    """What a row names that is not there, and tests that do not carry its number."""
    number, named = row
    found = []
    for name in named:
        path, _, inner = name.partition("::" if "::" in name else ": ")
        file = ROOT / path
        if ("/" in path or inner) and not file.is_file():
            found.append(f"{number}: {path} is not there")
        elif "::" in name:
            found += _untrue(number, file, inner)
        elif inner and not re.search(rf"\b{inner}\b", file.read_text()):
            found.append(f"{number}: {path} has no {inner}")
    return found


def _untrue(number: str, file: Path, test: str) -> list[str]:
    tree, lines = parsed(file), file.read_text().splitlines()
    segments = [
        "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in tree.body
        if getattr(node, "name", "") == test
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == test)
    ]
    if not segments:
        return [f"{number}: there is no test {test}"]
    said = f"{ast.get_docstring(tree)} {segments[0]} {test.upper().replace('_', ' ')}"
    return [] if re.search(rf"\b{number}\b", said) else [f"{test} does not say {number}"]


def test_every_row_is_true():
    found = [fault for row in rows((ROOT / "docs/promises.md").read_text()) for fault in wrong(row)]
    assert not found, "\n".join(found)


def test_no_promise_is_passed_over():
    assert {number for number, _ in rows((ROOT / "docs/promises.md").read_text())} == NUMBERS


@pytest.mark.parametrize(
    "line",
    [
        "| R1 | x | `eventkit/no.py: f` | |",
        "| R1 | x | `eventkit/cli.py: no_such_function` | |",
        "| R1 | x | `tests/house/test_promises.py::test_nowhere` | |",
        "| R1 | x | `tests/house/test_floors.py::test_every_import_is_where_it_may_be` | |",
    ],
)
def test_a_row_that_is_not_true_is_found(line):
    ((number, named),) = rows(line)
    assert wrong((number, named))
    assert not wrong(("R31", ["tests/house/test_floors.py::test_every_import_is_where_it_may_be"]))
