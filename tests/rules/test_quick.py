"""One line as people write it."""

import pytest

from eventkit.model.agenda import Room
from eventkit.model.text import Text
from eventkit.rules.quick import Line, is_break, read

ROOMS = [Room(1, Text(de="Saal 1", en="Hall 1")), Room(2, Text(de="Saal 2", en="Hall 2"))]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10:15 Titel, 30 min, Saal 2", Line("Titel", 615, 30, 2)),
        ("9.30 Uhr Titel, hall 1, 45 Minuten", Line("Titel", 570, 45, 1)),
        ("10:15 – Titel", Line("Titel", 615)),
        ("Titel, 1 h 30 min", Line("Titel", minutes=90)),
        ("Titel, 2 Stunden", Line("Titel", minutes=120)),
        ("Titel, 90'", Line("Titel", minutes=90)),
        ("Bildung, Migration und Milieu, Saal 2", Line("Bildung, Migration und Milieu", room=2)),
        ("Bildung, Migration", Line("Bildung, Migration")),
        ("2015, 2016, 30 min", Line("2015, 2016", minutes=30)),
        ("24:15 Titel", Line("24:15 Titel")),
        ("10:15", Line("10:15")),
        (", 30 min", Line(", 30 min")),
        ("Titel, 30 min, 40 min", Line("Titel, 30 min", minutes=40)),
        ("Titel,", Line("Titel,")),
        ("", Line("")),
    ],
)
def test_a_line_is_read(typed, expected):
    assert read(typed, ROOMS) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Mittagspause", True),
        ("pause", True),
        ("Kaffee und Kuchen", True),
        ("Mittagessen im Foyer", True),
        ("Coffee break", True),
        ("Lunch with music", True),
        ("Pausenhof als Lernort", False),
        ("Break the silence", False),
        ("Was Pausen bewirken", False),
        ("Kaffee, Kolonien, Kritik", False),
        ("", False),
    ],
)
def test_a_break_is_known_by_its_title(title, expected):
    assert is_break(title) is expected
