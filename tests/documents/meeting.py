"""The meeting of 2016 as papers show it, and how to read a paper."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from eventkit.model.account import Organisation
from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.event import Event, Mode, Place, Stage
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text

ZONE = "Europe/Berlin"
TEN = datetime(2016, 11, 18, 9, tzinfo=UTC)  # 10:00 in Castrop-Rauxel
AT = datetime(2016, 11, 3, 12, tzinfo=UTC)
PHOTO = "a" * 64
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
ORGANISATION = Organisation(Text("Deutsche Gesellschaft für Mentoring e. V."), "DGM")
HALL = Room(1, Text("Großer Saal", "Great Hall"), 120)
EMSCHER, LIPPE = Room(2, Text("Raum Emscher"), 24), Room(3, Text("Raum Lippe"), 20)

KRAVANJA = Person(1, "rk", "Raiko Kravanja", function=Text("Bürgermeister", "Mayor"))
THOMS = Person(
    2, "mt", "Meral Thoms", "Cerci", Text("Soziologin"),
    Text("Heinrich-Heine-Universität Düsseldorf"), photo=PHOTO, photo_credit="Ilka Bühler",
)  # fmt: skip
LUKASZ = Person(3, "lw", "Łukasz Wiśniewski", organisation=Text("Mentoring Ruhr"))
DANG = Person(4, "dt", "Đặng Thị Groß")


def event(**changes):
    plain = Event(
        id=1, uid="u", slug="interkulturelles-mentoring",
        title=Text("Netzwerktreffen »Interkulturelles Mentoring«", "Intercultural Mentoring"),
        summary=Text("Für Mentor*innen und Vertreter*innen aus Wirtschaftsverbänden."),
        description=NOTHING, zone=ZONE, starts_at=TEN, ends_at=TEN + timedelta(hours=6),
        all_day=False, doors_at=TEN - timedelta(minutes=30), stage=Stage.ANNOUNCED,
        mode=Mode.ON_SITE,
        place=Place(
            "Bürgerhaus", "Leonhardstraße 4", "44575", "Castrop-Rauxel",
            directions=Text("Bus **351** bis »Bürgerhaus«."), access=Text("Stufenlos erreichbar."),
        ),
        capacity=80, waiting_list=True, approval=False, listed=True, opens_at=None, closes_at=None,
        contact_name="Jana Riedel", contact_email="treffen@dgm.example", retention_days=90,
        sequence=0, created_at=AT, changed_at=AT, revised_at=AT,
    )  # fmt: skip
    return replace(plain, **changes)


def item(number, kind, title, start, minutes, *people, room=HALL, **changes):
    begins = TEN + timedelta(minutes=start)
    plain = Item(
        number, f"u{number}", kind, title, NOTHING, "de", begins,
        begins + timedelta(minutes=minutes), room, "", None, people,
    )  # fmt: skip
    return replace(plain, **changes)


def speaker(person, role=Role.SPEAKER):
    return Part(person, role)


ITEMS = (
    item(1, Kind.OPENING, Text("Grußwort", "Welcome"), 0, 20, speaker(KRAVANJA, Role.OPENING)),
    item(2, Kind.TALK, Text("Bildung, Migration und Milieu"), 20, 50, speaker(THOMS)),
    item(3, Kind.BREAK, Text("Mittagessen", "Lunch"), 120, 60, room=None),
    item(4, Kind.WORKSHOP, Text("Matching"), 180, 90, speaker(LUKASZ), room=EMSCHER, capacity=24),
    item(5, Kind.WORKSHOP, Text("Mentees"), 180, 90, speaker(DANG), room=LIPPE, capacity=20),
    item(6, Kind.WORKSHOP, Text("Evaluation"), 180, 90, speaker(KRAVANJA), language="en"),
    item(
        7,
        Kind.PANEL,
        Text("Was bleibt?"),
        280,
        60,
        speaker(LUKASZ, Role.PANELLIST),
        speaker(THOMS, Role.MODERATOR),
    ),
)


def portrait():
    file = BytesIO()
    Image.new("RGB", (60, 80), "#b98").save(file, "JPEG")
    return file.getvalue()


def words(reader):
    text = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text)


def tags(reader):
    """Every element of the structure tree, in order of reading: its tag and itself."""
    found = []

    def walk(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((node["/S"], node))
            walk(node.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found
