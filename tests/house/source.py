"""What the house tests read: the files of the project, as syntax trees with resolved names."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "eventkit"


def files(*patterns: str) -> list[Path]:
    """The files under the project that match, without the ones that tools left behind."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts)


def modules() -> list[Path]:
    """All Python files of the application."""
    return files("app.py", "eventkit/**/*.py")


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a syntax tree, read once for all rules."""
    return ast.parse(path.read_text())


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All nodes of a tree, walked once for all rules."""
    return tuple(ast.walk(tree))


def place(path: Path) -> str:
    """A module's place in the house: "web/public.py", "cli.py"."""
    return str(path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT))


def imports(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Each import as (name here, full dotted name, line)."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                here = alias.asname or alias.name.split(".")[0]
                yield here, alias.name if alias.asname else here, node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}", node.lineno


def imported_modules(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each dotted module that is imported, `a.b` for both `import a.b` and `from a.b import c`."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each name and attribute with its full dotted name: `dt.now` as `datetime.datetime.now`."""
    known = {here: full for here, full, _ in imports(tree)}
    for node in nodes(tree):
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id in known:
            yield ".".join([known[inner.id], *reversed(parts)]), node.lineno


def strings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Each string that is not a docstring; of an f-string the fixed parts."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and id(node) not in docstrings:
            yield value, node.lineno
