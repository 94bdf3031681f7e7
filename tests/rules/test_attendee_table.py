"""What the rows of a list of attendees mean."""

import pytest

from eventkit.model.places import Group
from eventkit.model.question import Form, Kind, Option, Question
from eventkit.model.text import Text
from eventkit.rules import attendee_table
from eventkit.rules.attendee_table import Column, Known, What

TRAIN = Question(1, 1, "train", Kind.YES_NO, Text(de="Mit der Bahn?", en="By train?"))
HEARD = Question(
    2,
    1,
    "heard",
    Kind.SEVERAL,
    Text(de="Woher", en="Heard of us"),
    options=(
        Option("web", Text(de="Netz; Seite", en="Web; page")),
        Option("friends", Text(de="Freunde", en="Friends")),
    ),
)
FORM = Form((TRAIN, HEARD))


def read(header: str, *rows: str, **known):
    columns = attendee_table.guess(header.split(","), FORM)
    cells = [row.split(",") for row in rows]
    return attendee_table.read(
        cells, range(2, 2 + len(cells)), columns, Known(FORM, companions=1, **known)
    )


def test_columns_are_known_by_german_and_english_headings() -> None:
    header = ["Nachname", "Vorname", "E-Mail-Adresse", "Verein", "Status", "mit der bahn?", "xy"]
    assert attendee_table.guess(header, FORM) == (
        Column.LAST,
        Column.FIRST,
        Column.EMAIL,
        Column.ORGANISATION,
        Column.STATE,
        "q_train",
        "",
    )
    assert attendee_table.guess(["Diet", "Name", "Full name"], Form(asks_diet=False)) == (
        "",
        Column.NAME,
        "",
    )


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Name,E-Mail", "Anna Kim,a@x.org", "Anna Kim"),
        ("Vorname,Nachname,Mail", "Anna,Kim,a@x.org", "Anna Kim"),
        ("Name,Vorname,Mail", "Kim,Anna,a@x.org", "Anna Kim"),
    ],
)
def test_names_come_whole_or_in_parts(header: str, row: str, name: str) -> None:
    (line,) = read(header, row)
    assert line.what is What.PLACE
    assert line.guest
    assert line.guest.name == name


def test_each_row_has_its_fate_and_its_reason() -> None:
    lines = read(
        "Name,E-Mail,Status",
        "Anna,a@x.org,Bestätigt",
        "Anna,A@X.org,",
        "Bo,b@x.org,",
        "Cem,c@x.org,Abgemeldet",
        "Dora,no address,",
        ",e@x.org,",
        "Fay,f@x.org,vielleicht",
        ",,Bestätigt",
        "Cem,c@x.org,Angefragt",
        taken={"b@x.org"},
    )
    assert [(line.number, line.what, line.code) for line in lines] == [
        (2, What.PLACE, ""),
        (3, What.DOUBLE, ""),
        (4, What.KNOWN, ""),
        (5, What.OFF, ""),
        (6, What.WRONG, "address"),
        (7, What.WRONG, "name_required"),
        (8, What.WRONG, "state"),
        (9, What.OFF, ""),
        (10, What.REQUESTED, ""),
    ]
    assert lines[1].value == "2"


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("Gruppe", "Presse", "unknown_group"),
        ("Sprache", "Klingonisch", "language"),
        ("Workshops", "Tanz", "workshop"),
        ("Personen", "zwei", "persons"),
        ("Personen", "2", "persons_names"),
        ("Kommt mit", "Kim; Lee", "too_many_companions"),
        ("Kommt mit", "www.example.com", "companion"),
        ("Mit der Bahn?", "manchmal", "answer"),
        ("Woher", "Netz", "answer"),
        ("Organisation", "x" * 201, "too_long"),
    ],
)
def test_what_can_not_be_read_is_said_at_its_column(heading: str, cell: str, code: str) -> None:
    (line,) = read(f"Name,Mail,{heading}", f"Anna,a@x.org,{cell}")
    assert (line.what, line.code) == (What.WRONG, code)


def test_everything_a_row_says_is_read() -> None:
    (line,) = read(
        "Name,Mail,Gruppe,Sprache,Kommt mit,Personen,Woher,Mit der Bahn?",
        "Anna,a@x.org,MITGLIEDER,English,Kim,2,Netz; Seite; Freunde,ja",
        groups=(Group(7, Text(de="Mitglieder")),),
    )
    assert line.guest
    assert (line.guest.group, line.guest.language, line.guest.companions) == (7, "en", ("Kim",))
    assert line.guest.answers == {"heard": ("web", "friends"), "train": True}
