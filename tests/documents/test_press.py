"""The press prints our HTML, serves it nothing but our own files, and keeps its limits."""

import fcntl
import re
import signal
import threading
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, ImageStat
from pypdf import PdfReader

from eventkit.documents.press import IMAGES, Enclosure, Job, Press
from eventkit.errors import PressBusy, PressFailed

pytestmark = pytest.mark.xdist_group("press")  # one printer for them
FONTS = Path(__file__).parents[2] / "static/fonts"
AT = datetime(2016, 11, 3, 12, tzinfo=UTC)
SLOW = "<div style='display: grid'>" + "<p>x</p>" * 4000 + "</div>"


def job(body, **more):
    return Job(f"<!doctype html><html lang=de><title>T</title>{body}", "paper.css", AT, **more)


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    press = Press(tmp_path_factory.mktemp("press"), patience=60)
    yield press
    press.close()


@pytest.fixture(scope="module")
def other_press(tmp_path_factory):
    """Another process, started where a secret lies in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTKIT_SECRET_KEY", "very-secret")
        press = Press(tmp_path_factory.mktemp("other"), patience=60)
        press.print(job("x"))
    yield press
    press.close()


@pytest.fixture
def own_press(tmp_path):
    presses = []

    def make(**limits):
        presses.append(Press(tmp_path / "press", **limits))
        return presses[-1]

    yield make
    for press in presses:
        press.close()


@pytest.fixture
def listener():
    """A web server that notes what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def png(colour="#ff0000", size=(8, 8)):
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def picture(pdf, page=0, scale=1.0):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=scale).to_pil().convert("RGB")


def test_it_prints_a_tagged_pdf(press):
    reader = PdfReader(BytesIO(press.print(job("<h1>Łukasz trifft Đặng</h1>"))))
    assert "Łukasz trifft Đặng" in reader.pages[0].extract_text()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert re.search(rb"pdfuaid:part\W+1", reader.xmp_metadata.stream.get_data())


def test_the_same_job_gives_the_same_bytes_in_another_process(press, other_press):
    same = job("<p>Łukasz", images={"p": png()}, enclosures=(Enclosure("a.ics", b"BEGIN"),))
    assert press.print(same) == press.print(same) == other_press.print(same)


def test_an_enclosure_comes_out_as_it_went_in(press):
    content = bytes(range(256)) * 40
    pdf = press.print(job("x", enclosures=(Enclosure("programme.ics", content, "Programm"),)))
    assert dict(PdfReader(BytesIO(pdf)).attachments) == {"programme.ics": [content]}


def test_it_shows_the_images_of_the_job(press):
    pdf = press.print(job(f"<img src='{IMAGES}red'>", images={"red": png()}))
    assert red(pdf) > 30


# Everything an HTML page can fetch with; {} is an address. Only our own templates reach the
# press, so this is the second wall: even HTML that slipped through could fetch nothing.
WAYS = [
    "<img src='{}'>",
    "<link rel=stylesheet href='{}'>",
    "<link rel=attachment href='{}'>",
    "<a rel=attachment href='{}'>x</a>",
    "<style>@import '{}';</style>",
    "<style>@font-face {{ font-family: f; src: url('{}') }} p {{ font-family: f }}</style><p>x",
    "<p style=\"background: url('{}')\">x",
    "<p style=\"content: url('{}')\">x",
    "<object data='{}'></object>",
    "<embed src='{}'>",
    "<svg><image href='{}'/></svg>",
    "<base href='{}'><img src='x.png'>",
]


@pytest.mark.parametrize("way", WAYS)
def test_it_fetches_nothing_from_other_hosts(press, listener, way):
    """R30"""
    host, asked = listener
    press.print(job(way.format(f"{host}/secret")))
    assert asked == []


@pytest.mark.parametrize("way", WAYS)
def test_it_reads_no_file_of_the_machine(press, tmp_path, way):
    """R30"""
    (tmp_path / "secret.png").write_bytes(png())
    pdf = press.print(job(way.format(f"file://{tmp_path}/secret.png")))
    assert not dict(PdfReader(BytesIO(pdf)).attachments)
    assert red(pdf) == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://static.invalid/../templates/base.html",
        "https://static.invalid/%2e%2e/requirements.txt",
        "https://static.invalid//etc/passwd",
        "https://static.invalid/js",
        "https://images.invalid/other",
        "data:text/plain,secret",
        "/etc/passwd",
    ],
)
def test_only_static_files_of_ours_are_served(press, address):
    pdf = press.print(job(f"<link rel=attachment href='{address}'>"))
    assert not dict(PdfReader(BytesIO(pdf)).attachments)


def test_our_static_files_are_served(press):
    pdf = press.print(job("<link rel=attachment href='https://static.invalid/css/tokens.css'>"))
    assert list(dict(PdfReader(BytesIO(pdf)).attachments)) == ["tokens.css"]


def test_an_svg_is_no_image_of_ours(press):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='99' height='99' fill='red'/></svg>"
    assert red(press.print(job(f"<img src='{IMAGES}p'>", images={"p": svg}))) == 0


def test_it_stops_at_its_time(own_press):
    """R30"""
    press = own_press(seconds=1.5)
    with pytest.raises(PressFailed, match=r"more than 1\.5 seconds"):
        press.print(job(SLOW))
    assert press.print(job("x")).startswith(b"%PDF")


def test_it_stops_at_its_memory(own_press):
    press = own_press(megabytes=340)
    assert press.print(job("x")).startswith(b"%PDF")
    with pytest.raises(PressFailed, match=r"MemoryError|exit status"):
        press.print(job("<p>" + "x" * 2_000_000))
    assert press.print(job("x")).startswith(b"%PDF")


def test_a_broken_stylesheet_is_told(press):
    with pytest.raises(PressFailed):
        press.print(Job("<p>x", "missing.css", AT))
    assert press.print(job("x")).startswith(b"%PDF")


def test_it_replaces_a_printer_that_was_killed(other_press):
    killed = other_press._resting[0]._process
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(30) == -signal.SIGKILL
    assert other_press.print(job("x")).startswith(b"%PDF")


def test_a_printer_without_work_goes_home(own_press):
    press = own_press(idle=0.05)
    press.print(job("x"))
    assert press._resting[0]._process.wait(30) == 0
    assert press.print(job("x")).startswith(b"%PDF")


def test_the_printer_knows_no_secrets(other_press):
    environment = Path(f"/proc/{other_press._resting[0]._process.pid}/environ").read_bytes()
    assert b"PYTHONHASHSEED" in environment
    assert b"very-secret" not in environment


def test_two_papers_at_once_and_no_more(own_press, tmp_path):
    """R30"""
    press = own_press(patience=0.05)
    with (
        (tmp_path / "slot-0").open("wb") as first,
        (tmp_path / "slot-1").open("wb") as second,
    ):
        (tmp_path / "press").symlink_to(tmp_path)
        fcntl.flock(first, fcntl.LOCK_EX)
        assert press.print(job("x")).startswith(b"%PDF")
        fcntl.flock(second, fcntl.LOCK_EX)
        with pytest.raises(PressBusy):
            press.print(job("x"))
    assert press.print(job("x")).startswith(b"%PDF")


def test_threads_share_the_press_and_start_no_more_than_two_printers(own_press):
    press, printed = own_press(patience=60), []
    threads = [
        threading.Thread(target=lambda: printed.append(press.print(job("x")))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(printed) == 6
    assert len(press._resting) <= 2


def red(pdf):
    """How much of the first page is red."""
    seen = picture(pdf)
    channels = [seen.getchannel(name).point(lambda value: value // 128) for name in "RGB"]
    return ImageStat.Stat(ImageChops.subtract(channels[0], channels[1])).sum[0]


# Two font files under one family print wrong glyphs while the text in the PDF stays right:
# only a picture shows what people will see.
FACES = {"regular": "Print Regular", "bold": "Print Bold", "italic": "Print Italic"}


def ink(image):
    """The drawn part of a picture, brought to one size."""
    dark = ImageOps.invert(image.convert("L"))
    return dark.crop(dark.point(lambda value: 255 * (value > 96)).getbbox()).resize((200, 200))


def unlike(one, other):
    """How different two pictures are, 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


@cache
def drawn(face, letter):
    """The letter as Pillow draws it with the font file."""
    image = Image.new("RGB", (900, 900), "white")
    font = ImageFont.truetype(FONTS / f"print-{face}.ttf", 400)
    ImageDraw.Draw(image).text((200, 200), letter, "black", font)
    return ink(image)


GLYPHS = [(face, letter) for face in FACES for letter in "ŁŒĐßğşÜ8"]


@pytest.fixture(scope="module")
def glyphs(press):
    """All the letters, each on a page of its own, after a page of text."""
    pages = "".join(
        f"<p style='break-before: page; font: {'bold' if face == 'bold' else 'normal'} 400px "
        f'"{FACES[face]}"; line-height: 1.5\'>{letter}</p>'
        for face, letter in GLYPHS
    )
    return press.print(job(f"<p>Łukasz Œuvre Đặng ß Üğş8</p>{pages}"))


@pytest.mark.parametrize(("face", "letter"), GLYPHS)
def test_the_printed_glyph_is_the_right_one(glyphs, face, letter):
    page = picture(glyphs, page=1 + GLYPHS.index((face, letter)), scale=96 / 72)
    printed = ink(page.crop((0, 0, page.width, 900)))  # without the page number
    assert unlike(printed, drawn(face, letter)) < 30
    other = "Œ" if letter == "Ł" else "Ł"
    assert unlike(printed, drawn(face, other)) > 60
