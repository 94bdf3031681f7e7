"""Prints HTML as PDF in a process of its own, with limits of time, memory and number (R30).

WeasyPrint never runs inside the web server: `Press` hands the work to `printer.py`, started
as `python -m eventkit.documents.printer`. A printer stays for the next job, because its
start (importing WeasyPrint, reading fonts) takes longer than most papers; it leaves by
itself when nothing comes, and is replaced when it broke.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Timer
from time import sleep
from typing import IO, Any

from eventkit.errors import PressBusy, PressFailed

IMAGES = "https://images.invalid/"  # where the images of a job are found by its HTML
SLOTS = 2  # papers printed at once on this machine

_ROOT = Path(__file__).parents[2]
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_PAUSE = 0.02
_START = 15.0  # seconds a printer may need to start on a busy machine


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file to put inside the PDF; `name` as readers of the PDF see it."""

    name: str
    content: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One paper to print.

    `sheet` names a file of `static/css/print/`. The HTML finds each of `images` (png, jpeg,
    webp or gif) at `IMAGES` + its key, and nothing else but our own static files. `at`
    dates the enclosures, so that the same job gives the same bytes.

    `steps` are sizes of type (points, for `html`) with the pages they may take, the wished
    one first; the first that fits is printed, or the last. `folded` lays A5 pages on A4
    for folding.
    """

    html: str
    sheet: str
    at: datetime
    images: Mapping[str, bytes] = field(default_factory=dict)
    enclosures: tuple[Enclosure, ...] = ()
    steps: tuple[tuple[float, int], ...] = ()
    folded: bool = False

    def packed(self, seconds: float) -> bytes:
        """The job as the printer reads it."""
        return json.dumps(
            {
                "html": self.html,
                "sheet": self.sheet,
                "at": self.at.isoformat(),
                "images": {name: _text(image) for name, image in self.images.items()},
                "enclosures": [
                    [each.name, each.description, _text(each.content)] for each in self.enclosures
                ],
                "steps": self.steps,
                "folded": self.folded,
                "seconds": seconds,
            }
        ).encode()


class Press:
    """Where papers are printed; one for each process of the site, usable from all threads.

    `folder` lies in the data folder and holds what all processes of the machine share: one
    lock file for each paper that may be printed at once. `seconds` and `megabytes` limit
    one paper, `patience` (seconds) how long a job waits for its turn, `idle` (seconds) how
    long a printer without work stays.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float = 60.0,
        megabytes: int = 1024,
        patience: float = 3.0,
        idle: float = 300.0,
    ) -> None:
        self._folder = folder
        self._seconds = seconds
        self._arguments = (str(megabytes), str(idle))
        self._patience = patience
        self._resting: list[_Printer] = []
        self._lock = Lock()
        self._pid = os.getpid()

    def print(self, job: Job) -> bytes:
        """The job as a tagged PDF (PDF/UA-1).

        Raises PressBusy when no turn came in time, PressFailed when a limit was reached or
        the paper could not be printed.
        """
        with self._turn():
            while True:
                printer, fresh = self._take()
                try:
                    pdf = printer.print(job, self._seconds)
                except _Left:
                    printer.close()
                    if fresh:
                        raise PressFailed("the printer does not start") from None
                except BaseException:
                    printer.close()
                    raise
                else:
                    with self._lock:
                        self._resting.append(printer)
                    return pdf

    def close(self) -> None:
        """Send the resting printers home. The press can be used again after."""
        with self._lock:
            resting, self._resting = self._resting, []
        if self._pid == os.getpid():
            for printer in resting:
                printer.close()

    def _take(self) -> tuple["_Printer", bool]:
        """A resting printer, or a fresh one. After a fork the parent's printers stay its own."""
        with self._lock:
            if self._pid != os.getpid():
                self._resting, self._pid = [], os.getpid()
            while self._resting:
                printer = self._resting.pop()
                if printer.alive:
                    return printer, False
                printer.close()
        return _Printer(self._arguments), True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold one of the machine's slots; the kernel frees it even if we are killed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for attempt in range(1 + int(self._patience / _PAUSE)):
            if attempt:
                sleep(_PAUSE)
            for number in range(SLOTS):
                with (self._folder / f"slot-{number}").open("ab") as slot:
                    if _locked(slot):
                        yield
                        return
        raise PressBusy


class _Left(Exception):
    """The printer went home before it read the job."""


class _Printer:
    """One process that prints, and the pipes to it."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self._scratch = TemporaryDirectory(prefix="eventkit-press-", ignore_cleanup_errors=True)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eventkit.documents.printer", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=kept
            | {"TMPDIR": self._scratch.name, "TZ": "UTC"}
            | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """Whether the process still waits for a job."""
        return self._process.poll() is None

    def print(self, job: Job, seconds: float) -> bytes:
        """Print one job. Raises PressFailed, or _Left when the process had gone already."""
        late: list[bool] = []
        packed = job.packed(seconds)

        def stop() -> None:
            late.append(True)
            self._process.kill()

        # The printer has an alarm of its own; this one also reaches a printer that is stuck.
        timer = Timer(seconds + _START, stop)
        timer.start()
        try:
            return self._exchange(packed)
        except (OSError, EOFError):
            code = self._process.wait()
            if code == 0:
                raise _Left from None
            if late or code == -signal.SIGALRM:
                raise PressFailed(f"printing took more than {seconds:g} seconds") from None
            raise PressFailed(f"the printer broke (exit status {code})") from None
        finally:
            timer.cancel()

    def _exchange(self, packed: bytes) -> bytes:
        stdin, stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        stdin.write(len(packed).to_bytes(8) + packed)
        stdin.flush()
        verdict, size = _read(stdout, 1), int.from_bytes(_read(stdout, 8))
        answer = _read(stdout, size)
        if verdict != b"=":
            raise PressFailed(answer.decode("utf-8", "replace"))
        return answer

    def close(self) -> None:
        """End the process and remove its scratch folder."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:
                pass  # what it had not read is of no use to anybody
        self._process.wait()
        self._scratch.cleanup()

    def __del__(self) -> None:
        # A press that nobody closed must not leave processes behind.
        if self._process.returncode is None:
            self.close()


def _locked(slot: IO[bytes]) -> bool:
    try:
        fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pipe(pipe: IO[Any] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe")
    return pipe


def _read(pipe: IO[bytes], size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _text(content: bytes) -> str:
    return b64encode(content).decode()
