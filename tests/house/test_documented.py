"""Every setting and every command is told to the people who run eventkit."""

import ast
import re

from tests.house.source import ROOT, files, modules

SETTING = re.compile(r"\bEVENTKIT_[A-Z_]*[A-Z]\b")
INTERNAL = {"EVENTKIT_DEMO"}  # ./run demo sets it, nobody else should


def documentation() -> str:
    """All that users read."""
    return "\n".join(path.read_text() for path in files("README.md", "docs/**/*.md"))


def settings_read(texts: list[str]) -> set[str]:
    """Every setting that the code names."""
    return {name for text in texts for name in SETTING.findall(text)} - INTERNAL


def undocumented(names: set[str], text: str) -> set[str]:
    """The names that the text does not have as words of their own."""
    return {n for n in names if not re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", text)}


def commands(text: str) -> set[str]:
    """The names of the flask commands that a module declares."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(call, ast.Attribute) and call.attr in ("command", "group"):
                given = decorator.args if isinstance(decorator, ast.Call) else []
                first = given[0].value if given and isinstance(given[0], ast.Constant) else None
                found.add(first or node.name.removesuffix("_command").replace("_", "-"))
    return found


def test_every_setting_is_documented():
    names = settings_read([path.read_text() for path in modules()])
    assert names, "config.py reads settings"
    assert not undocumented(names, documentation())


def test_no_setting_is_documented_that_does_not_exist():
    known = settings_read([path.read_text() for path in modules()]) | INTERNAL
    assert settings_read([documentation()]) <= known


def test_every_command_is_documented():
    cli = ROOT / "eventkit" / "cli.py"
    names = commands(cli.read_text()) if cli.exists() else set()
    assert not undocumented(names, documentation())


def test_every_word_of_run_is_documented():
    words = set(re.findall(r"^\./run (\w+)", (ROOT / "run").read_text(), re.MULTILINE))
    assert words >= {"demo", "serve", "test", "lint", "bench"}
    assert not undocumented({f"./run {word}" for word in words}, documentation())


def test_these_rules_can_fail():
    assert settings_read(["os.environ['EVENTKIT_PORT']"]) == {"EVENTKIT_PORT"}
    assert undocumented({"EVENTKIT_PORT"}, "Set EVENTKIT_PORTS.") == {"EVENTKIT_PORT"}
    assert commands("@app.cli.command('send-all')\ndef f(): ...") == {"send-all"}
    assert commands("@cli.command()\ndef send_all(): ...") == {"send-all"}
    assert undocumented({"post"}, "the poster") == {"post"}
