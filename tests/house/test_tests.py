"""A test that can't fail, a mocked database, a letter to a real server: none of these."""

import ast
import re

import pytest

from tests.house.source import files, imported_modules, nodes, parsed, place, strings

pytestmark = pytest.mark.xdist_group("house")
CHECKERS = ("assert", "check", "expect", "prove", "proofread")
NEVER_MOCKED = ("store", "sqlite", "database", "connect")
MAIL = re.compile(r"smtps?://(?:[^@/\s]*@)?([\w.-]+)")
AT_HOME = re.compile(
    r"(^|\.)(localhost|localdomain|test|invalid|example(\.(org|com|net))?)$|^127\."
)


def toothless(tree: ast.AST) -> list[str]:
    """Test functions that assert nothing."""
    return [
        f"{node.lineno} {node.name}"
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not any(_checks(inner) for inner in ast.walk(node))
    ]


def _checks(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)  # `assert True` checks nothing
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("raises", "warns", "fail") or name.startswith(CHECKERS)


def mocking(tree: ast.AST) -> list[str]:
    """unittest.mock, and monkeypatches of the database (but `counting` calls through it may)."""
    found = [
        f"{line} imports {module}"
        for module, line in imported_modules(tree)
        if module.startswith("unittest.mock") or module in ("mock", "pytest_mock")
    ]
    for node in nodes(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "monkeypatch.setattr":
            patched = ast.unparse(node.args[0])
            counting = ast.unparse(node.args[-1]) == "counting"
            if any(word in patched for word in NEVER_MOCKED) and not counting:
                found.append(f"{node.lineno} patches {patched}")
    return found


def real_mail(tree: ast.AST) -> list[str]:
    """Mail servers that might exist."""
    return [
        f"{line} {host}"
        for text, line in strings(tree)
        for host in MAIL.findall(text)
        if not AT_HOME.search(host)
    ]


@pytest.mark.parametrize("rule", [toothless, mocking, real_mail])
def test_every_test_keeps_the_rule(rule):
    found = []
    for path in files("tests/**/*.py"):
        if path.name != "test_tests.py":
            found += [f"{place(path)}:{o}" for o in rule(parsed(path))]
    assert not found, "\n".join(found)


def test_these_rules_can_fail():
    assert toothless(ast.parse("def test_a():\n    run()"))
    assert toothless(ast.parse("def test_a():\n    assert True"))
    assert not toothless(ast.parse("def test_a():\n    with pytest.raises(ValueError): run()"))
    assert not toothless(ast.parse("def test_a():\n    assert run() == 1"))
    assert mocking(ast.parse("from unittest.mock import patch"))
    assert mocking(ast.parse("monkeypatch.setattr(store.events, 'read', f)"))
    assert not mocking(ast.parse("monkeypatch.setattr(web, 'clock', f)"))
    assert real_mail(ast.parse("u = 'smtp://user:pw@mail.gmail.com:587'"))
    assert not real_mail(ast.parse("u = 'smtp://user:pw@mail.example.org:587'"))
