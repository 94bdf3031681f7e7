"""Printing programmes: cold, warm and long, beside calling WeasyPrint plainly each time.

Run it with `./run bench`. Times depend on the machine, the ratios hardly do.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from eventkit.documents import pdf
from eventkit.documents.press import Job, Press
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.event import Event, Mode, Place, Stage
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text

START = datetime(2027, 3, 12, 8, tzinfo=UTC)
PLAIN = """
import sys
from weasyprint import HTML
HTML(string=sys.stdin.read()).write_pdf(pdf_variant="pdf/ua-1")
"""


def event() -> Event:
    return Event(
        id=1, uid="u", slug="mentoring", title=Text("Mentoring und Arbeit"),
        summary=Text("Ein Tag für Mentor*innen."), description=NOTHING, zone="Europe/Berlin",
        starts_at=START, ends_at=START + timedelta(hours=8), all_day=False, doors_at=None,
        stage=Stage.ANNOUNCED, mode=Mode.ON_SITE,
        place=Place("Bürgerhaus", "Leonhardstraße 4", "44575", "Castrop-Rauxel"), capacity=80,
        waiting_list=True, approval=False, listed=True, opens_at=None, closes_at=None,
        contact_name="", contact_email="", retention_days=90, sequence=0, created_at=START,
        changed_at=START, revised_at=START,
    )  # fmt: skip


def items(number: int) -> tuple[Item, ...]:
    """A programme with three things at a time and a speaker for each."""
    abstract = Text("Drei Werkzeuge, die sich bewährt haben, und Zeit, sie auszuprobieren. " * 2)
    made = []
    for index in range(number):
        begins = START + timedelta(minutes=30 * (index // 3))
        person = Person(index, f"p{index}", f"Łukasz Müller {index}", organisation=Text("Verein"))
        made.append(
            Item(
                index,
                f"u{index}",
                Kind.WORKSHOP,
                Text(f"Werkstatt {index}"),
                abstract,
                "de",
                begins,
                begins + timedelta(minutes=30),
                Room(index % 3, Text(f"Raum {index % 3}")),
                "",
                24,
                (Part(person, Role.SPEAKER),),
            )
        )
    return tuple(made)


class Copying(Press):
    """A press that keeps the last job, so that the plain way prints the same HTML."""

    job: Job | None = None

    def print(self, job: Job) -> bytes:
        self.job = job
        return super().print(job)


def programme(press: Press, number: int) -> bytes:
    return pdf.programme(
        event(), Programme(1, START, items(number)),
        organisation=Organisation(Text("Verein")), language="de",
        links=Links("https://treffen.example"), portraits={}, accent="#7a2048",
        calendar=b"BEGIN:VCALENDAR\r\n", press=press,
    )  # fmt: skip


def seconds(action: Callable[[], object], times: int = 5) -> float:
    """The median duration of an action."""
    measured = []
    for _ in range(times):
        begin = perf_counter()
        action()
        measured.append(perf_counter() - begin)
    return median(measured)


def plainly(html: str) -> None:
    subprocess.run([sys.executable, "-c", PLAIN], input=html.encode(), check=True)


def main() -> None:
    with TemporaryDirectory() as folder:
        press = Copying(Path(folder))

        def cold() -> None:
            press.close()
            programme(press, 12)

        first = seconds(cold, 3)
        warm = seconds(lambda: programme(press, 12), 9)
        long = seconds(lambda: programme(press, 120), 3)
        programme(press, 12)
        assert press.job is not None
        html = press.job.html
        plain = seconds(lambda: plainly(html), 3)
        press.close()
    print("programme_pdf: a programme of 12 items with 12 people, tagged, with its calendar")
    print(f"  press, first paper of a process   {first:6.2f} s")
    print(f"  press, every paper after that     {warm:6.2f} s   {first / warm:4.1f} times faster")
    print(f"  WeasyPrint in a process each time {plain:6.2f} s   {plain / warm:4.1f} times slower")
    print(f"  press, 120 items, 120 people      {long:6.2f} s   (should stay under 3 s)")


if __name__ == "__main__":
    main()
