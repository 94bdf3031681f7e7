"""Only the doors ask what time it is; only the cellar speaks SQL."""

import ast
import re

import pytest

from tests.house.source import modules, names_used, parsed, place, strings

pytestmark = pytest.mark.xdist_group("house")
DOORS = ("web/", "cli.py", "server.py", "app.py")
CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
}
SQL_CLOCK = re.compile(
    r"""\b(date|time|datetime|julianday|strftime|unixepoch)\s*\([^()]*['"]now['"]"""
    r"""|\bcurrent_(timestamp|date|time)\b|\b(unixepoch|julianday)\(\)""",
    re.IGNORECASE,
)
SQL = re.compile(
    r"\bselect\s.+\sfrom\s|\binsert\s+(or\s+\w+\s+)?into\s+(\w|$)|\bupdate\s+\w+\s+set\s+\w+\s*="
    r"|\bdelete\s+from\s+(\w|$)|\b(create|alter|drop)\s+(table|index|trigger|view)\s|^\s*pragma\s+\w+"
    r"|\bbegin\s+(immediate|exclusive)\b",
    re.IGNORECASE | re.DOTALL,
)


def clocks(where: str, tree: ast.AST) -> list[str]:
    """Uses of a clock outside the doors."""
    if where.startswith(DOORS):
        return []
    used = {(name, line) for name, line in names_used(tree) if name in CLOCKS}
    said = {("SQL's clock", line) for text, line in strings(tree) if SQL_CLOCK.search(text)}
    return [f"{where}:{line} asks {name}" for name, line in sorted(used | said)]


def sql(where: str, tree: ast.AST) -> list[str]:
    """SQL outside the store."""
    if where.startswith("store/"):
        return []
    return [
        f"{where}:{line} says {text.strip()[:40]!r}"
        for text, line in strings(tree)
        if SQL.search(text)
    ]


def test_only_the_doors_ask_what_time_it_is():
    found = [o for path in modules() for o in clocks(place(path), parsed(path))]
    assert not found, "\n".join(found)


def test_only_the_store_speaks_sql():
    found = [o for path in modules() for o in sql(place(path), parsed(path))]
    assert not found, "\n".join(found)


def test_these_rules_can_fail():
    assert clocks("rules/a.py", ast.parse("from datetime import datetime as dt\ndt.now()"))
    assert clocks("actions/a.py", ast.parse("import time\nt = time.time"))
    assert clocks("actions/a.py", ast.parse("from time import time\nt = time()"))
    assert clocks("model/a.py", ast.parse("import datetime\ndatetime.date.today()"))
    assert clocks("store/a.py", ast.parse("""q = "select datetime('now')" """))
    assert clocks("store/a.py", ast.parse("q = 'create table t (a default CURRENT_TIMESTAMP)'"))
    assert not clocks("store/a.py", ast.parse("""q = "case release when 'now' then 1 end" """))
    assert not clocks("web/a.py", ast.parse("from datetime import datetime\ndatetime.now()"))
    assert not clocks("transport.py", ast.parse("import time\ntime.sleep(1); time.monotonic()"))
    assert sql("actions/a.py", ast.parse("q = 'SELECT id FROM event'"))
    assert sql("web/a.py", ast.parse("q = f'delete from {table}event'"))
    assert sql("web/a.py", ast.parse("q = 'update event set title = ?'"))
    assert not sql("web/a.py", ast.parse("q = 'Choose one of these from the list'"))
    assert not sql("store/a.py", ast.parse("q = 'SELECT id FROM event'"))
