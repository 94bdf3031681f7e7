"""Looks into files of strangers in a process of its own, with limits of time and memory (R20).

A PDF, and every picture inside a package, is read by `previewer.py`, started as
`python -m eventkit.documents.previewer` for one file and ended with it: what crashes,
hangs or grows there harms nobody.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from eventkit.errors import Invalid, TooMany

PAGES = 60  # how many pages of a file are drawn at most
WIDTH, COVER = 1280, 480  # longest side of a page and of a cover, in pixels
TOTAL = 40 * 1024 * 1024  # octets of all pictures of one file
AT_ONCE = 2  # files that one process of the site has looked into at the same time
PATIENCE = 5.0  # seconds a file waits for its turn

_ROOT = Path(__file__).parents[2]
_KEPT = ("LANG", "LC_ALL", "PATH")
_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture of a file: WebP, with its size in pixels and the words that stand on it.

    `page` counts from 1; 0 is the cover.
    """

    page: int
    path: Path
    width: int
    height: int
    words: str


def count_pages(path: Path, *, seconds: float = 20.0, megabytes: int = 1024) -> int:
    """How many pages a PDF has.

    Raises Invalid (field "file"): `broken` when it can't be read within the limits, `active`
    when it carries scripts or launches programs, also inside compressed parts. Raises TooMany
    when no turn came in time: files that take long must not hold up everybody else.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise TooMany
    try:
        lines = _run("count", path, Path(), seconds=seconds, megabytes=megabytes)
    finally:
        _turns.release()
    found = lines[0] if lines else {}
    if found.get("active"):
        raise Invalid("active", field="file")
    if not found.get("pages"):
        raise Invalid("broken", field="file")
    return int(found["pages"])


@contextmanager
def drawn(
    path: Path, suffix: str, *, seconds: float = 40.0, megabytes: int = 1024
) -> Iterator[list[Drawn]]:
    """The pages of a PDF, or the title picture of a presentation, as long as the block lasts.

    What could not be drawn within the limits is missing; nothing at all gives an empty list.
    """
    with TemporaryDirectory(prefix="eventkit-previews-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        lines = _run(suffix, path, folder, seconds=seconds, megabytes=megabytes)
        yield [
            Drawn(
                page=int(line["page"]),
                path=folder / f"{int(line['page'])}.webp",
                width=int(line["width"]),
                height=int(line["height"]),
                words=str(line["words"]),
            )
            for line in lines
        ]


def _run(
    task: str, path: Path, folder: Path, *, seconds: float, megabytes: int
) -> list[dict[str, Any]]:
    """The lines the process said before it ended, whatever ended it."""
    command = [sys.executable, "-m", "eventkit.documents.previewer", task, str(path)]
    command += [str(folder), str(seconds), str(megabytes)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        said = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=kept | {"PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
            timeout=seconds + 10,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    whole = said[: said.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]
