"""What slides look like: drawn once, in a process that can do no harm (R20)."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from eventkit.actions import covers, speakers
from eventkit.documents import previews as drawing
from eventkit.errors import Invalid, TooMany
from eventkit.model.material import Release
from eventkit.model.text import Text
from eventkit.store import files, previews, retention, shelf
from tests.journeys.files import jpeg
from tests.world import BY, World

SLIDE = """<p:sld><a:p><a:r><a:t>Bildung &amp; </a:t></a:r><a:r><a:t>Milieu</a:t></a:r></a:p>
<a:p><a:t>Łukasz O’Neill</a:t></a:p></p:sld>"""
PPTX = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}


def pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(800, 450)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pptx(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (PPTX | {n.replace("__", "/"): c for n, c in members.items()}).items():
            archive.writestr(name.replace("_jpeg", ".jpeg").replace("_xml", ".xml"), content)
    return out.getvalue()


def huge_png() -> bytes:
    """A picture that says it is 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def hand_in(world: World, octets: bytes, name: str) -> str:
    """The hash of a file that somebody handed in."""
    event = world.event()
    made = speakers.add_material(
        world.store,
        event.id,
        file=io.BytesIO(octets),
        size=len(octets),
        filename=name,
        title=Text(de="Folien"),
        release=Release.NOW,
        actor=BY,
        now=world.now,
        identity=world.identity,
    )
    assert made.current is not None
    return made.current.file.sha256


def test_pages_are_drawn_once_and_forgotten_with_their_file(world: World) -> None:
    file = hand_in(world, pdf(3), "a.pdf")
    assert covers.draw_next(world.store, now=world.now)
    assert not covers.draw_next(world.store, now=world.now)
    pages = previews.pages(world.store, file)
    assert [(page.page, page.width, page.height) for page in pages] == [
        (1, 1280, 720),
        (2, 1280, 720),
        (3, 1280, 720),
    ]
    cover = previews.covers(world.store, [file])[file]
    assert (cover.width, cover.height) == (480, 270)
    drawn = Image.open(io.BytesIO(shelf.read(world.store, cover.picture.sha256)))
    assert (drawn.format, drawn.size) == ("WEBP", (480, 270))
    with world.store.changing():
        world.store.run("DELETE FROM material_versions")
        retention.forget_files(world.store, world.pass_time(days=2))
    assert files.hashes(world.store) == set()


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (pptx(docProps__thumbnail_jpeg=jpeg(), ppt__slides__slide1_xml=SLIDE.encode()), "Milieu"),
        (pptx(ppt__slides__slide1_xml=SLIDE.encode()), "Bildung & Milieu Łukasz O’Neill"),
    ],
)
def test_a_presentation_shows_its_title(world: World, octets: bytes, words: str) -> None:
    file = hand_in(world, octets, "a.pptx")
    covers.draw_next(world.store, now=world.now)
    (page,) = previews.pages(world.store, file)
    assert words in page.words


def test_what_can_not_be_drawn_is_noted_and_left(world: World) -> None:
    """R20"""
    file = hand_in(world, pptx(docProps__thumbnail_jpeg=huge_png()), "a.pptx")
    assert covers.draw_next(world.store, now=world.now)
    assert not covers.draw_next(world.store, now=world.now)
    assert (previews.pages(world.store, file), previews.covers(world.store, [file])) == ([], {})


def test_a_pdf_that_breaks_its_reader_is_refused(tmp_path: Path) -> None:
    """R20"""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of a PDF follows")
    with pytest.raises(Invalid) as refused:
        drawing.count_pages(path)
    assert refused.value.code == "broken"


def test_drawing_stops_when_its_time_is_over(tmp_path: Path) -> None:
    """R20"""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(5))
    with drawing.drawn(path, "pdf", seconds=0) as found:
        assert [each.page for each in found] == [0, 1]


def test_r30_files_that_take_long_do_not_hold_up_everybody(tmp_path, monkeypatch) -> None:
    """Two at once in a process; another one is told to come back, and nothing is left behind."""
    monkeypatch.setattr(drawing, "PATIENCE", 0)
    sound, also = tmp_path / "sound.pdf", []
    sound.write_bytes(pdf(3))
    run = drawing._run

    def meanwhile(*args, **kwargs):
        try:
            also.append(drawing.count_pages(sound))
        except TooMany:
            also.append("later")
        return run(*args, **kwargs)

    monkeypatch.setattr(drawing, "_run", meanwhile)
    assert drawing.count_pages(sound) == 3
    assert also == ["later", 3]
