"""The papers: tagged, in one language, readable, and the same for the same data."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from eventkit.documents import paper, pdf
from eventkit.documents.press import Press
from eventkit.links import Links
from eventkit.model.account import Organisation
from eventkit.model.agenda import Kind, Programme, Role, Room
from eventkit.model.event import Mode, Place, Stage
from eventkit.model.person import Person
from eventkit.model.text import NOTHING, Text
from tests.documents.meeting import (
    AT,
    CALENDAR,
    ITEMS,
    KRAVANJA,
    ORGANISATION,
    PHOTO,
    TEN,
    event,
    item,
    portrait,
    speaker,
    tags,
    words,
)

pytestmark = pytest.mark.xdist_group("papers")  # one printer for them
ADDRESS = "https://treffen.example/events/interkulturelles-mentoring/"
PICTURES = [
    "Porträt von Meral Thoms",
    f"QR-Code für {ADDRESS}",
    f"QR-Code für {ADDRESS}#downloads",
    f"QR-Code für {ADDRESS}agenda.ics",
]


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    press = Press(tmp_path_factory.mktemp("press"), patience=60)
    yield press
    press.close()


@pytest.fixture(scope="module")
def printed(press):
    """Prints a programme; what a test doesn't say is the meeting of 2016."""

    def programme(*, items=ITEMS, language="de", of=None, **changes):
        given = {
            "organisation": ORGANISATION,
            "links": Links("https://treffen.example"),
            "portraits": {PHOTO: portrait()},
            "accent": "#7a2048",
            "calendar": CALENDAR,
            "press": press,
        }
        return pdf.programme(
            of or event(), Programme(2, AT, tuple(items)), language=language, **given | changes
        )

    return programme


@pytest.fixture(scope="module")
def german(printed):
    return PdfReader(BytesIO(printed()))


def test_it_knows_its_language_title_and_author(german, printed):
    """R63"""
    assert german.trailer["/Root"]["/Lang"] == "de"
    assert german.metadata.title == (
        "Programm: Netzwerktreffen »Interkulturelles Mentoring«, "
        "Freitag, 18. November 2016, 10–16 Uhr"
    )
    assert german.metadata.author == "Deutsche Gesellschaft für Mentoring e. V."
    assert german.metadata.creation_date == AT
    english = PdfReader(BytesIO(printed(language="en")))
    assert english.trailer["/Root"]["/Lang"] == "en"
    assert english.metadata.title.startswith("Programme: Intercultural Mentoring, Friday 18 ")


def test_it_is_tagged_for_screen_readers(german):
    """R63"""
    names = [name for name, _ in tags(german)]
    assert names.count("/H1") == 1
    assert names.count("/H2") == 3  # programme, people, good to know
    assert names.count("/H3") == 7 + 4 + 5  # items, people, facts
    assert german.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert re.search(rb"pdfuaid:part\W+1", german.xmp_metadata.stream.get_data())


def test_every_picture_has_words(german):
    """R63"""
    pictures = [node for name, node in tags(german) if name == "/Figure"]
    assert [node["/Alt"] for node in pictures] == PICTURES


def test_it_says_what_when_where_and_who(german):
    text = words(german)
    for expected in [
        "Netzwerktreffen »Interkulturelles Mentoring«",
        "Für Mentor*innen und Vertreter*innen aus Wirtschaftsverbänden.",
        "Freitag, 18. November 2016, 10–16 Uhr",
        "Einlass ab 9:30 Uhr",
        "Bürgerhaus, Leonhardstraße 4, 44575 Castrop-Rauxel",
        "Stufenlos erreichbar.",
        "Bus 351 bis »Bürgerhaus«.",
        "10:20 –11:10",
        "Meral Thoms (geb. Cerci), Soziologin, Heinrich-Heine-Universität Düsseldorf",
        "Łukasz Wiśniewski",
        "Đặng Thị Groß",
        "Workshop · Raum Emscher · Deutsch · 24 Plätze",
        "Moderation: Meral Thoms",
        "Großer Saal · 120 Sitzplätze",
        "Sprachen: Deutsch, Englisch",
        "Ilka Bühler",
        "Jana Riedel, treffen@dgm.example",
        "Stand 3. November 2016",
        "Seite 1 von 2",
        "Seite 2 von 2",
    ]:
        assert expected in text


def test_a_word_longer_than_the_line_stays_on_the_paper(printed):
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
    long = event(title=Text(f"Treffen »{word}«"), summary=Text(word), contact_name=word)
    items = [item(1, Kind.TALK, Text(word), 0, 20, speaker(KRAVANJA)), *ITEMS[3:6]]
    document = pypdfium2.PdfDocument(printed(of=long, items=items))
    for page in document:
        image = page.render(scale=1, grayscale=True).to_pil()
        margin = image.crop((image.width - 45, 0, image.width, image.height))
        assert margin.getextrema()[0] > 250, "something is printed into the right margin"


def test_the_english_paper_is_in_english(printed):
    text = words(PdfReader(BytesIO(printed(language="en"))))
    for expected in ["Meral Thoms (formerly Cerci)", "Mayor", "Great Hall", "Lunch", "Page 1 of 2"]:
        assert expected in text
    for german_word in ["Vortrag", "Seite", "Räume", "Podium", "Mittagessen", "Bürgermeister"]:
        assert german_word not in text


def test_parallel_workshops_stand_side_by_side(printed):
    with pypdfium2.PdfDocument(printed()) as document:
        page = document[0].get_textpage()
        boxes = []
        for title in ("Evaluation", "Matching", "Mentees"):
            index, _ = page.search(title).get_next()
            boxes.append(page.get_charbox(index))
    lefts = [left for left, *_ in boxes]
    assert lefts == sorted(lefts)
    assert lefts[2] - lefts[0] > 150
    assert max(top for *_, top in boxes) - min(top for *_, top in boxes) < 3


def test_the_calendar_lies_inside(german):
    assert dict(german.attachments) == {"programme.ics": [CALENDAR]}


def test_links_lead_to_this_site_only(german):
    uris = {
        note.get_object()["/A"]["/URI"] for page in german.pages for note in page.get("/Annots", [])
    }
    assert uris == {
        "https://treffen.example/events/interkulturelles-mentoring/",
        "mailto:treffen@dgm.example",
    }


def test_the_same_programme_gives_the_same_bytes(printed, tmp_path):
    again = Press(tmp_path)
    try:
        assert printed() == printed(press=again)
    finally:
        again.close()
    assert printed() != printed(language="en")


def test_only_our_type_is_used_for_european_names(printed):
    reader = PdfReader(BytesIO(printed(items=[*ITEMS[:4], ITEMS[6]])))
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.rstrip(",").partition(",")[0] for name in fonts} == {"Print-Regular", "Print-Bold"}


def test_a_draft_says_so_on_every_page(printed, german):
    draft = PdfReader(BytesIO(printed(draft=True)))
    assert len(draft.pages) == 2
    assert all("Entwurf" in page.extract_text() for page in draft.pages)
    assert "Stand 3." not in words(draft)
    assert "Entwurf" not in words(german)


def test_a_cancelled_talk_is_marked_and_its_speaker_not_announced(printed):
    items = [ITEMS[0], replace(ITEMS[1], cancelled=True)]
    text = words(PdfReader(BytesIO(printed(items=items))))
    assert "Bildung, Migration und Milieu entfällt" in text
    assert text.count("Meral Thoms") == 1


def test_a_cancelled_meeting_says_so(printed):
    of = event(stage=Stage.CANCELLED, cancellation=Text("Die Heizung ist ausgefallen."))
    assert "Dieses Treffen ist abgesagt. Die Heizung ist ausgefallen." in words(
        PdfReader(BytesIO(printed(of=of)))
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ends_at": TEN + timedelta(days=1)}, "Freitag – Samstag 18–19 November 2016"),
        ({"ends_at": TEN + timedelta(days=20)}, "18 November – 8 Dezember 2016"),
        ({"mode": Mode.ONLINE}, "16 Uhr Einlass ab 9:30 Uhr Online"),
        ({"mode": Mode.HYBRID}, "44575 Castrop-Rauxel und online"),
    ],
)
def test_other_kinds_of_meetings(printed, changes, expected):
    text = words(PdfReader(BytesIO(printed(of=event(**changes)))))
    assert expected.replace(" ", "") in re.sub(r"\s", "", text)


def test_an_empty_programme_is_a_page(printed):
    of = event(summary=NOTHING, doors_at=None, place=Place(), contact_name="", contact_email="")
    assert len(PdfReader(BytesIO(printed(of=of, items=[]))).pages) == 1


HOSTILE = """</p><script>x</script><img src="file:///etc/passwd">{{ 7*7 }} %(name)s '"&amp;<b>"""


def test_hostile_words_are_words(printed):
    person = Person(
        9, "x", HOSTILE, HOSTILE, Text(HOSTILE), Text(HOSTILE), Text(HOSTILE), photo="missing"
    )
    text = Text(HOSTILE)
    items = [
        item(
            1, Kind.TALK, text, 0, 20, speaker(person, Role.MODERATOR),
            room=Room(1, text, 5, text), track=HOSTILE, language=HOSTILE, abstract=text,
        )
    ]  # fmt: skip
    of = event(
        title=text, summary=text, contact_name=HOSTILE, contact_email=HOSTILE,
        place=Place(HOSTILE, directions=text, access=text),
    )  # fmt: skip
    organisation = Organisation(text)
    reader = PdfReader(BytesIO(printed(of=of, items=items, organisation=organisation)))
    shown = words(reader).replace("\xa0", " ")
    assert '<script>x</script><img src="file:///etc/passwd">{{ 7*7 }} %(name)s' in shown
    assert "root:" not in shown
    assert "49" not in shown.replace("Seite", "")
    assert HOSTILE in reader.metadata.title
    assert list(dict(reader.attachments)) == ["programme.ics"]


def test_an_abstract_brings_no_picture_and_no_foreign_scheme(printed):
    abstract = Text(
        "![x](https://evil.example/x.png) [y](file:///etc/passwd) [z](https://a.example)"
    )
    reader = PdfReader(BytesIO(printed(items=[replace(ITEMS[1], abstract=abstract)])))
    uris = {
        note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", [])
    }
    assert "https://a.example" in uris
    assert not any(uri.startswith("file:") for uri in uris)
    assert [node["/Alt"] for name, node in tags(reader) if name == "/Figure"] == PICTURES


def test_a_photo_that_is_no_picture_leaves_the_paper_whole(printed):
    assert "Meral Thoms" in words(PdfReader(BytesIO(printed(portraits={PHOTO: b"<svg/>"}))))


def test_an_unreadable_accent_is_darkened_and_a_wrong_one_refused(printed):
    assert printed(accent="#ffff00").startswith(b"%PDF")
    with pytest.raises(ValueError, match="hexadecimal"):
        printed(accent="red;} body{display:none")


def test_the_qr_code_is_one_pixel_a_module():
    code = Image.open(
        BytesIO(paper.qr("https://treffen.example/events/interkulturelles-mentoring/"))
    )
    assert code.size[0] == code.size[1] < 60
    assert code.convert("L").getcolors(2) is not None


GUESTS = [
    pdf.Guest(
        f"Gast Nr. {n} Łukasz", "Heinrich-Heine-Universität", "Mentorin", (Text("Matching"),), n
    )
    for n in range(1, 61)
]


def listed(make, press, guests=GUESTS, **more):
    content = make(
        event(), guests, organisation=ORGANISATION, language="de", accent="#7a2048",
        printed_at=AT, press=press, **more,
    )  # fmt: skip
    return PdfReader(BytesIO(content))


@pytest.mark.parametrize("landscape", [False, True])
def test_the_list_has_everybody_and_repeats_its_header(press, landscape):
    reader = listed(pdf.attendee_list, press, landscape=landscape)
    text = words(reader)
    assert all(f"Gast Nr. {n} Łukasz" in text for n in range(1, 61))
    assert "60 Personen · Stand 3. November 2016, 13 Uhr" in text
    assert len(reader.pages) > 1
    for page in reader.pages:
        assert "Organisation" in page.extract_text()
        width, height = page.mediabox.width, page.mediabox.height
        assert (width > height) is landscape


def test_the_list_has_header_cells(press):
    names = [name for name, _ in tags(listed(pdf.attendee_list, press, GUESTS[:3]))]
    assert names.count("/Table") == 1
    assert names.count("/TR") == 4
    assert names.count("/TH") == 4 + 3
    assert names.count("/TD") == 9


def test_the_sign_in_sheet_has_codes_of_three_digits_and_spare_lines(press):
    reader = listed(pdf.signin_sheet, press, spare=5)
    text = words(reader)
    assert "001 Gast Nr. 1 Łukasz Heinrich-Heine-Universität" in text
    assert "060 Gast Nr. 60" in text
    assert "Unterschrift" in text
    assert "Ohne Anmeldung" in text
    names = [name for name, _ in tags(reader)]
    assert names.count("/Table") == 4  # 18, 22 and 20 guests, the spare lines
    assert names.count("/TR") == 60 + 5 + 4


def test_lists_without_anybody(press):
    assert "0 Personen" in words(listed(pdf.attendee_list, press, []))
    assert "Ohne Anmeldung" in words(listed(pdf.signin_sheet, press, []))


def test_a_hostile_guest_is_a_name(press):
    text = words(listed(pdf.attendee_list, press, [pdf.Guest(HOSTILE, HOSTILE, HOSTILE)]))
    assert "<script>" in text


def test_words_that_never_end_stay_on_the_paper(press):
    guest = pdf.Guest("W" * 200, "O" * 300, "R" * 100, (Text("T" * 400),))
    assert words(listed(pdf.attendee_list, press, [guest])).replace(" ", "").count("W") >= 200
