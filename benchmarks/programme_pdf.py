"""Printing programmes: cold, warm, long and in every form, beside calling WeasyPrint plainly.

Run it with `./run bench`. Times depend on the machine, the ratios hardly do.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from eventkit.documents import pdf
from eventkit.documents.press import Job, Press
from eventkit.documents.printer import Printer
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.event import Event, Mode, Place, Stage
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text

START = datetime(2027, 3, 12, 8, tzinfo=UTC)
PEOPLE = [Person(n, f"p{n}", f"Łukasz Müller {n}", organisation=Text("Verein")) for n in range(40)]
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


def large() -> tuple[Item, ...]:
    """Three days in six rooms: 120 items, 40 people."""
    made = []
    for index, item in enumerate(items(120)):
        day, slot, room = index // 42, index % 42 // 6, index % 6
        begins = START + timedelta(days=day, hours=slot)
        made.append(
            replace(
                item,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=45),
                room=Room(room, Text(f"Raum {room}")),
                people=(replace(item.people[0], person=PEOPLE[index % len(PEOPLE)]),),
            )
        )
    return tuple(made)


class Here(Press):
    """A press in this process, so that its processor time can be told from that of others."""

    printer = Printer()

    def print(self, job: Job) -> bytes:
        return self.printer.pdf(json.loads(job.packed(60)))


def programme(press: Press, shown: tuple[Item, ...], shape: pdf.Shape = pdf.Shape.A4) -> bytes:
    last = max(item.ends_at for item in shown)
    return pdf.programme(
        replace(event(), ends_at=last), Programme(1, START, shown), shape=shape,
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


def processor(action: Callable[[], object], times: int = 3) -> float:
    """The median processor time of an action, without the collector, as in the printer."""
    measured = []
    gc.disable()
    for _ in range(times):
        gc.collect()
        begin = process_time()
        action()
        measured.append(process_time() - begin)
    gc.enable()
    return median(measured)


def plainly(html: str) -> None:
    subprocess.run([sys.executable, "-c", PLAIN], input=html.encode(), check=True)


def main() -> None:
    with TemporaryDirectory() as folder:
        press = Copying(Path(folder))

        def cold() -> None:
            press.close()
            programme(press, short)

        short, long_one = items(12), large()
        first = seconds(cold, 3)
        warm = seconds(lambda: programme(press, short), 9)
        programme(press, short)
        assert press.job is not None
        html = press.job.html
        plain = seconds(lambda: plainly(html), 3)
        press.close()
    print("programme_pdf: a programme of 12 items with 12 people, tagged, with its calendar")
    print(f"  press, first paper of a process   {first:6.2f} s")
    print(f"  press, every paper after that     {warm:6.2f} s   {first / warm:4.1f} times faster")
    print(f"  WeasyPrint in a process each time {plain:6.2f} s   {plain / warm:4.1f} times slower")
    print("  120 items in 3 days and 6 rooms, 40 people, processor time (should stay under 3 s):")
    here = Here(Path(folder))
    programme(here, short)
    for shape in pdf.Shape:
        took = processor(lambda shape=shape: programme(here, long_one, shape))
        print(f"  {shape:<33} {took:6.2f} s")


if __name__ == "__main__":
    main()
