"""The printed programme puts what happens at the same time side by side."""

from datetime import UTC, datetime, timedelta

import pytest

from eventkit.documents import booklet
from eventkit.model.agenda import Item, Kind, Part, Role, Room
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text

TEN = datetime(2016, 11, 18, 9, tzinfo=UTC)  # 10:00 in Berlin
HALL, SMALL = Room(1, Text("Saal")), Room(2, Text("Kammer"))
ADA, BEA = Person(1, "ada", "Ada Ahrens", organisation=Text("Alt")), Person(2, "bea", "Bea Bach")


def item(number, start, minutes, *, room=None, track="", people=(), cancelled=False):
    """An item that starts `start` minutes after ten."""
    begins = TEN + timedelta(minutes=start)
    ends = begins + timedelta(minutes=minutes)
    title = Text(f"Punkt {number}")
    return Item(
        number, f"u{number}", Kind.TALK, title, NOTHING, "de", begins, ends, room, track, None,
        tuple(people), cancelled=cancelled,
    )  # fmt: skip


def rows(*items):
    (day,) = booklet.days(items, "Europe/Berlin", "de")
    return [
        (row.start, row.end, [[cell and cell.item.id for cell in band] for band in row.bands])
        for row in day.rows
    ]


def test_one_after_the_other_whatever_their_order():
    assert rows(item(2, 30, 30), item(1, 0, 30)) == [
        ("10:00", "10:30", [[1]]),
        ("10:30", "11:00", [[2]]),
    ]


def test_what_is_cancelled_makes_no_second_column_of_its_room():
    items = [
        item(1, 30, 60, room=HALL),
        item(2, 30, 30, room=SMALL),
        item(3, 60, 30, room=HALL, cancelled=True),
        item(4, 60, 30, room=SMALL, cancelled=True),
    ]
    assert [bands for *_, bands in rows(*items)] == [[[1, 2]], [[3, 4]]]


def test_three_workshops_are_three_columns():
    workshops = [item(n, 0, 90, room=Room(n, Text(f"R{n}"))) for n in (3, 1, 2)]
    assert rows(*workshops) == [("10:00", "11:30", [[1, 2, 3]])]


def test_more_than_three_are_broken_evenly():
    four = [item(n, 0, 90, room=Room(n, Text(f"R{n}"))) for n in range(1, 5)]
    assert rows(*four) == [("10:00", "11:30", [[1, 2], [3, 4]])]


def test_tracks_keep_their_column_and_a_long_item_says_its_end():
    items = [
        item(1, 0, 30, track="A"),
        item(2, 0, 60, track="B"),
        item(3, 30, 30, track="A"),
        item(4, 60, 30),
    ]
    assert rows(*items) == [
        ("10:00", "", [[1, 2]]),
        ("10:30", "11:00", [[3, None]]),
        ("11:00", "11:30", [[4]]),
    ]
    (day,) = booklet.days(items, "Europe/Berlin", "de")
    assert [cell.until for cell in day.rows[0].bands[0]] == ["10:30", "11:00"]


def test_a_clash_in_one_room_shows_both():
    clash = [item(1, 0, 60, room=HALL), item(2, 0, 60, room=HALL), item(3, 0, 60, room=SMALL)]
    assert rows(*clash) == [("10:00", "11:00", [[1, 2, 3]])]


def test_days_follow_the_clock_of_the_place():
    late = item(1, 13 * 60, 30), item(2, 14 * 60, 30)  # 23:00 and midnight in Berlin
    assert [(day.name, len(day.rows)) for day in booklet.days(late, "Europe/Berlin", "de")] == [
        ("Freitag, 18. November 2016", 1),
        ("Samstag, 19. November 2016", 1),
    ]


def test_everybody_appears_once_with_what_they_were_that_day():
    items = [
        item(2, 60, 30, people=[Part(ADA, Role.MODERATOR), Part(BEA, Role.PANELLIST)]),
        item(1, 0, 30, people=[Part(ADA, Role.SPEAKER, organisation=Text("Neu"))]),
    ]
    ada, bea = booklet.contributors(items, "Europe/Berlin")
    assert (ada.person, ada.organisation) == (ADA, Text("Neu"))
    assert [(time, item.id) for time, item in ada.appearances] == [("10:00", 1), ("11:00", 2)]
    assert [time for time, _ in bea.appearances] == ["11:00"]


def test_who_only_was_on_a_cancelled_item_is_not_there():
    items = [item(1, 0, 30, people=[Part(ADA, Role.SPEAKER)], cancelled=True)]
    assert booklet.contributors(items, "Europe/Berlin") == ()


def test_several_days_name_the_date():
    parts = [Part(ADA, Role.SPEAKER)]
    items = [item(1, 0, 30, people=parts), item(2, 60, 30, people=parts)]
    items.append(item(3, 24 * 60, 30, people=parts))
    (ada,) = booklet.contributors(items, "Europe/Berlin", dated="de")
    assert [time for time, _ in ada.appearances] == [
        "Fr., 18.11. 10:00",
        "11:00",
        "Sa., 19.11. 10:00",
    ]
    (ada,) = booklet.contributors(items, "Europe/Berlin", dated="en")
    assert ada.appearances[0][0] == "Fri 18 Nov 10:00"


def test_rooms_keep_their_columns_all_day_where_they_fit():
    rooms = [Room(n, Text(f"R{n}")) for n in (1, 2, 3)]
    morning = [item(n, 0, 60, room=rooms[n - 1]) for n in (1, 2, 3)]
    noon = [item(4, 60, 60, room=rooms[2]), item(5, 60, 60, room=rooms[0])]
    both = [*morning, *noon, item(6, 120, 30)]
    (day,) = booklet.days(both, "Europe/Berlin", "de")
    assert [head.de for head in day.heads] == ["R1", "R2", "R3"]
    assert rows(*both)[1:] == [
        ("11:00", "12:00", [[5, None, 4]]),
        ("12:00", "12:30", [[6]]),
    ]
    (narrow,) = booklet.days(both, "Europe/Berlin", "de", columns=2)
    assert narrow.heads == ()
    assert booklet.widest([narrow]) == 2


def test_a_day_that_divides_once_needs_no_heads():
    (day,) = booklet.days([item(1, 0, 60, room=HALL), item(2, 0, 60)], "Europe/Berlin", "de")
    assert day.heads == ()


def test_tracks_are_the_heads_where_there_are_some():
    items = [item(n, n // 2 * 60, 60, track="AB"[n % 2], room=HALL) for n in range(4)]
    (day,) = booklet.days(items, "Europe/Berlin", "de")
    assert [head.pick("en") for head in day.heads] == [("A", "en"), ("B", "en")]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Meral Thoms", "MT"),
        ("Dr. Gabriele Hoffmeister-Schönfelder", "GH"),
        ("Đặng Thị Hồng Nhung", "ĐN"),
        ("Madonna", "M"),
        ("山田 太郎", "山太"),
        ("<b>", "<"),
        ("", ""),
    ],
)
def test_initials(name, letters):
    assert booklet.initials(name) == letters
