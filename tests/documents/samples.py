"""Meetings, letters and people that the tests of this room share."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from eventkit.documents.ical import Publisher
from eventkit.links import Links
from eventkit.model.agenda import Item, Kind, Part, Programme, Role, Room
from eventkit.model.event import Event, Mode, Place, Stage
from eventkit.model.fees import Fee
from eventkit.model.letter import (
    Facts,
    ItemChange,
    Letter,
    LetterKind,
    LetterState,
    Method,
    Session,
    Touch,
)
from eventkit.model.person import Person
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import Text

LINKS = Links("https://events.example.org")
SENDER = "post@netzwerk.example"
PERSONAL = "https://events.example.org/my/Z3JvYmUtS25vY2hlbi1pbS1TYWxhdC1oZXV0ZS0xMjM/"
NOW = datetime(2027, 1, 18, 9, 30, tzinfo=UTC)
ORGANISATION = Text("Netzwerk Schule & Wirtschaft", "Network School & Business")
UID = "5f1d9c9e-0d4b-4c73-9a55-2b9b1ee8f0a4"
EVENT_UID = "0b0f3a52-64c2-4a05-8a6b-5c0d5f7f1e11"


def local(zone, *parts):
    """A clock reading of a zone as an instant in UTC."""
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


UNTIL = local("Europe/Berlin", 2027, 1, 20, 10, 30)

PLACE = Place(
    name="Haus der Demokratie",
    street="Greifswalder Straße 4",
    postal_code="10405",
    town="Berlin",
    latitude=52.52873,
    longitude=13.42527,
    map_url="https://www.openstreetmap.org/#map=18/52.52873/13.42527",
    directions=Text(
        "Tram **M4** bis *Am Friedrichshain*, von dort drei Minuten zu Fuß:\n\n"
        "- durch das Tor in den Hof\n- Aufgang B, zweiter Stock",
        "Tram **M4** to *Am Friedrichshain*, then three minutes on foot:\n\n"
        "- through the gate into the yard\n- staircase B, second floor",
    ),
    access=Text(
        "Stufenlos über den Aufzug im Hof. Eine Gebärdensprachdolmetscher*in ist da.",
        "Step-free by the lift in the yard. A sign language interpreter is there.",
    ),
)

EVENT = Event(
    id=1,
    uid=EVENT_UID,
    slug="fruehjahrstreffen-2027",
    title=Text("Frühjahrstreffen der Mentor*innen", "Spring meeting of the mentors"),
    summary=Text(
        "Wie Schulen und Betriebe zusammenfinden: vier Vorträge, drei Werkstätten.",
        "How schools and companies find each other: four talks, three workshops.",
    ),
    description=Text(),
    zone="Europe/Berlin",
    starts_at=local("Europe/Berlin", 2027, 3, 12, 10),
    ends_at=local("Europe/Berlin", 2027, 3, 12, 16),
    all_day=False,
    doors_at=local("Europe/Berlin", 2027, 3, 12, 9, 30),
    stage=Stage.ANNOUNCED,
    mode=Mode.ON_SITE,
    place=PLACE,
    capacity=80,
    waiting_list=True,
    approval=False,
    listed=True,
    opens_at=None,
    closes_at=None,
    contact_name="Jana Öztürk",
    contact_email="jana@netzwerk.example",
    retention_days=90,
    sequence=1,
    created_at=datetime(2026, 12, 1, 8, tzinfo=UTC),
    changed_at=datetime(2027, 1, 10, 8, 15, 30, tzinfo=UTC),
    revised_at=datetime(2027, 1, 10, 8, 15, 30, tzinfo=UTC),
)

SESSIONS = (
    Session(
        Text("Werkstatt: Erstgespräch", "Workshop: the first talk"),
        local("Europe/Berlin", 2027, 3, 12, 11),
        local("Europe/Berlin", 2027, 3, 12, 12),
        Text("Raum 2", "Room 2"),
        confirmed=True,
    ),
    Session(
        Text("Werkstatt: Praktikum", "Workshop: placements"),
        local("Europe/Berlin", 2027, 3, 12, 13, 30),
        local("Europe/Berlin", 2027, 3, 12, 14, 30),
        Text("Saal", "Hall"),
        confirmed=False,
    ),
)

FACTS = Facts(
    organisation=ORGANISATION,
    title=EVENT.title,
    slug=EVENT.slug,
    summary=EVENT.summary,
    starts_at=EVENT.starts_at,
    ends_at=EVENT.ends_at,
    doors_at=EVENT.doors_at,
    zone=EVENT.zone,
    place=PLACE,
    contact_name=EVENT.contact_name,
    contact_email=EVENT.contact_email,
    uid=UID,
    invited_at=datetime(2027, 1, 18, 9, 29, 58, tzinfo=UTC),
    state=State.CONFIRMED,
    delete_on=local("Europe/Berlin", 2027, 6, 10),
)

LETTER = Letter(
    id=7,
    kind=LetterKind.CONFIRMED,
    state=LetterState.QUEUED,
    language="de",
    name="Łucja Müller-O’Neill",
    email="lucja@example.com",
    message_id="<7.c2FtcGxlLW5vbmNl@events.example.org>",
    facts=FACTS,
    created_at=NOW,
    method=Method.REQUEST,
    sequence=0,
)


def _item(touch, title, start, end, **more):
    times = (local("Europe/Berlin", 2027, 3, 12, *each) for each in (start, end))
    return ItemChange(touch, title, *times, **more)


TALK = Text("Vom Praktikum zum Beruf", "From placement to profession")
PARTS = (
    _item(Touch.PART, TALK, (10, 15), (11,), room=Text("Großer Saal", "Hall"), role="speaker"),
    _item(Touch.PART, Text("Podium", "Panel"), (15,), (16,), role="moderator"),
)
SPEAKER_NEWS = (
    _item(
        Touch.CHANGED,
        TALK,
        (11, 30),
        (12, 15),
        room=Text("Raum 2", "Room 2"),
        role="speaker",
        before_title=Text("Praktikum und Beruf", "Placement and profession"),
        before_starts_at=local("Europe/Berlin", 2027, 3, 12, 10, 15),
        before_ends_at=local("Europe/Berlin", 2027, 3, 12, 11),
        before_room=Text("Großer Saal", "Hall"),
    ),
    _item(Touch.NEW, Text("Werkstatt"), (13,), (14,), room=Text("Raum 1"), role="panellist"),
    _item(Touch.REMOVED, Text("Podium", "Panel"), (15,), (16,), role="moderator"),
    _item(Touch.LEFT, Text("Ausblick", "Outlook"), (15, 30), (16,), role="opening"),
    _item(Touch.REMOVED, Text("Werkstatt: Praktikum"), (13, 30), (14, 30), chosen=True),
)
GUEST_NEWS = (
    _item(Touch.REMOVED, SESSIONS[0].title, (11,), (12,), room=SESSIONS[0].room, chosen=True),
    _item(
        Touch.CHANGED,
        SESSIONS[1].title,
        (13, 30),
        (14, 30),
        room=SESSIONS[1].room,
        chosen=True,
        before_starts_at=local("Europe/Berlin", 2027, 3, 11, 13),
        before_ends_at=local("Europe/Berlin", 2027, 3, 11, 14),
        before_room=Text(),
    ),
)


def _of_programme(letter, facts, items):
    note = Text("Der Zug kommt **später** an.", "The train arrives **later**.")
    facts = replace(facts, items=items, version=3, note=note)
    return replace(letter, method=None, sequence=None, facts=facts)


def publisher(language="de"):
    return Publisher(ORGANISATION, SENDER, LINKS, language)


def letter(kind, language="de"):  # noqa: C901 # one case a kind
    """A typical letter of each kind."""
    made = replace(LETTER, kind=kind, language=language, sequence=1)
    facts = FACTS
    match kind:
        case LetterKind.CONFIRMED:
            return replace(made, sequence=0, facts=replace(facts, sessions=SESSIONS))
        case LetterKind.WAITING:
            return replace(made, facts=replace(facts, state=State.WAITING, queue=3))
        case LetterKind.REQUESTED:
            return replace(made, method=None, facts=replace(facts, state=State.REQUESTED))
        case LetterKind.QUESTION:
            asked = "Darf mein Hund mit?\n\nEr heißt *Bello* und steht auf https://evil.example."
            asker = {"asker": "Inés Muñoz", "asker_email": "ines@example.net"}
            facts = replace(facts, asked=asked, delete_on=None, **asker)
            return replace(made, method=None, sequence=None, facts=facts)
        case LetterKind.CHOSEN:
            return replace(made, facts=replace(facts, sessions=SESSIONS))
        case LetterKind.WORKSHOP:
            sessions = (replace(SESSIONS[0], confirmed=True), replace(SESSIONS[1], wish=2))
            freed = (Text("Werkstatt: Bewerbung", "Workshop: applying"),)
            return replace(
                made,
                method=None,
                sequence=None,
                facts=replace(facts, sessions=sessions, freed=freed),
            )
        case LetterKind.OFFERED:
            facts = replace(facts, state=State.OFFERED, offered_until=UNTIL, sessions=SESSIONS)
            return replace(made, facts=facts)
        case LetterKind.LAPSED:
            by = CancelledBy.LAPSE
            facts = replace(facts, cancelled_by=by, state=State.CANCELLED, offered_until=UNTIL)
            return replace(made, method=Method.CANCEL, facts=facts)
        case LetterKind.REFUSED:
            reason = Text("Im Herbst treffen wir uns **wieder**.", "We meet **again** in autumn.")
            facts = replace(facts, state=State.CANCELLED, reason=reason)
            return replace(made, method=None, sequence=None, facts=facts)
        case LetterKind.CANCELLED:
            facts = replace(facts, cancelled_by=CancelledBy.GUEST, state=State.CANCELLED)
            return replace(made, method=Method.CANCEL, facts=facts)
        case LetterKind.CALLED_OFF:
            reason = Text(
                "Das Haus hat einen Wasserschaden. Einen neuen Termin suchen wir gerade.",
                "The house has a burst pipe. We are looking for a new date.",
            )
            facts = replace(facts, reason=reason, state=State.CANCELLED)
            return replace(made, method=Method.CANCEL, facts=facts)
        case LetterKind.CHANGED:
            facts = replace(
                facts,
                before_starts_at=facts.starts_at - timedelta(days=1),
                before_ends_at=facts.ends_at - timedelta(days=1),
                before_place=replace(PLACE, name="Rathaus", street="Markt 1"),
            )
            return replace(made, facts=facts)
        case LetterKind.REMINDER:
            facts = replace(facts, sessions=SESSIONS, programme=True)
            return replace(made, method=None, sequence=None, facts=facts)
        case LetterKind.INVITATION | LetterKind.INVITATION_REMINDER | LetterKind.OPENING:
            by = None if kind is LetterKind.OPENING else UNTIL
            facts = replace(facts, uid="", state=None, invited_at=None, answer_by=by)
            facts = replace(facts, delete_on=facts.delete_on if by else None)
            named = made.name if by else ""
            return replace(made, method=None, sequence=None, name=named, facts=facts)
        case LetterKind.MESSAGE:
            english = language == "en"
            facts = replace(
                facts,
                own_subject="Thank you for coming" if english else "Danke, dass Sie da waren",
                own_body=(
                    "Hello {name},\n\nthe slides of *{meeting}* are [on our page]({page})."
                    if english
                    else "Guten Tag {name},\n\ndie Folien zu *{meeting}* stehen [hier]({page})."
                ),
            )
            return replace(made, method=None, sequence=None, facts=facts)
        case LetterKind.INVOICE | LetterKind.PAYMENT_REMINDER | LetterKind.RECEIPT:
            paid = replace(FEE, state="paid", paid_on="2027-01-17")
            fee = paid if kind is LetterKind.RECEIPT else FEE
            return replace(made, method=None, sequence=None, facts=replace(facts, fee=fee))
        case LetterKind.ALREADY | LetterKind.LINK | LetterKind.DECLINED:
            return replace(made, method=None)
        case LetterKind.SPEAKER_PROGRAMME | LetterKind.SPEAKER_CHANGED:
            told = PARTS if kind is LetterKind.SPEAKER_PROGRAMME else SPEAKER_NEWS
            facts = replace(facts, uid="", state=None, invited_at=None, delete_on=None)
            return _of_programme(made, facts, told)
        case LetterKind.SPEAKER_REQUEST | LetterKind.SPEAKER_REMINDER:
            owed = ("answer", "text", "photo", "slides")
            missing = owed if kind is LetterKind.SPEAKER_REQUEST else owed[2:]
            facts = replace(facts, uid="", state=None, invited_at=None, delete_on=None)
            facts = replace(facts, items=PARTS, missing=missing)
            return replace(made, method=None, sequence=None, facts=facts)
        case LetterKind.SPEAKER_LINK:
            only = Facts(organisation=ORGANISATION, contact_email=FACTS.contact_email)
            return replace(made, method=None, sequence=None, facts=only)
        case LetterKind.ITEMS_CHANGED:
            return _of_programme(made, replace(facts, sessions=SESSIONS[1:]), GUEST_NEWS)
        case LetterKind.NEWSLETTER_CONFIRM | LetterKind.NEWSLETTER_WELCOME:
            topics = (
                Text("Übergang Schule – Beruf", "From school to work"),
                Text("Ganztag", "All-day"),
            )
            shown = topics if kind is LetterKind.NEWSLETTER_WELCOME else ()
            only = Facts(organisation=ORGANISATION, topics=shown)
            return replace(made, method=None, sequence=None, name="", facts=only)
    return made


FEE = Fee(
    cents=5000,
    state="open",
    number="2027-0012",
    due_on="2027-02-01",
    holder="Netzwerk Schule & Wirtschaft e. V.",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
)


def personal_link(kind):
    match kind:
        case LetterKind.NEWSLETTER_CONFIRM:
            return LINKS.newsletter_confirm("bmV3c2xldHRlci1jb25maXJtLXRva2VuLTAwMDAwMDE")
        case LetterKind.NEWSLETTER_WELCOME:
            return LINKS.newsletter_leave("bmV3c2xldHRlci1sZWF2ZS10b2tlbi0wMDAwMDAwMDE")
        case LetterKind.INVITATION | LetterKind.INVITATION_REMINDER:
            return LINKS.invitation("ZWluZ2VsYWRlbi1wZXJzb2VubGljaC0wMDAwMDAwMDA")
        case LetterKind.OPENING:
            return LINKS.opening("bmllLXdpZWRlci1zY2hyZWliZW4tMDAwMDAwMDAwMDA")
        case kind if kind.value.startswith("speaker_"):
            return LINKS.speaking("c3ByZWNoZW4tYXVmLWRlbS1Qb2RpdW0tbW9yZ2VuLTA")
    return PERSONAL


def item(number, kind, title, start, end, **more):
    return Item(
        id=number,
        uid=f"7a3c1f00-0000-4000-8000-{number:012}",
        kind=kind,
        title=title,
        abstract=more.pop("abstract", Text()),
        language="de",
        starts_at=local("Europe/Berlin", 2027, 3, 12, *start),
        ends_at=local("Europe/Berlin", 2027, 3, 12, *end),
        room=more.pop("room", None),
        track=more.pop("track", ""),
        capacity=None,
        **more,
    )


ANNA = Person(1, "anna", "Anna Łukasz", former_name="Öz", function=Text("Rektorin", "Head"))
HALL = Room(1, Text("Großer Saal", "Great hall"))
PROGRAMME = Programme(
    version=2,
    published_at=datetime(2027, 1, 12, 7, tzinfo=UTC),
    items=(
        item(1, Kind.OPENING, Text("Begrüßung", "Welcome"), (10,), (10, 15), room=HALL),
        item(
            2,
            Kind.TALK,
            Text("Vom Praktikum zum Beruf"),
            (10, 15),
            (11,),
            room=HALL,
            track="Übergänge",
            people=(
                Part(ANNA, Role.SPEAKER, ANNA.function, Text("Schule am See", "Lake School")),
                Part(Person(2, "bo", "Bo Rahn"), Role.MODERATOR),
            ),
            abstract=Text("Was **wirklich** hilft:\n\n- Zeit\n- Vertrauen"),
            sequence=2,
            revised_at=datetime(2027, 1, 12, 7, tzinfo=UTC),
        ),
        item(3, Kind.BREAK, Text("Kaffee", "Coffee"), (11,), (11, 30)),
        item(4, Kind.PANEL, Text("Podium", "Panel"), (11, 30), (12,), cancelled=True, sequence=1),
    ),
)
