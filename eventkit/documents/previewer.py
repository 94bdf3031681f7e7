"""The process that draws pages of strangers' files. See `previews.py`.

Started as `python -m eventkit.documents.previewer TASK FILE FOLDER SECONDS MEGABYTES`;
nothing else imports it. TASK is "count" (a PDF) or the kind of file to draw: pdf, pptx, odp,
key. It says one line of JSON for each picture that lies in FOLDER, and ends.
"""

import html
import io
import json
import os
import re
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from eventkit.documents.previews import COVER, PAGES, TOTAL, WIDTH
from eventkit.rules.uploads import MAX_PIXELS

_FONTS = Path(__file__).parents[2] / "static" / "fonts"
_PICTURES = {
    "pptx": ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png"),
    "odp": ("Thumbnails/thumbnail.png",),
    "key": ("preview.jpg", "QuickLook/Thumbnail.jpg", "preview-web.jpg"),
}
_LARGEST = 20 * 1024 * 1024  # of one member of a package, unpacked
_WORDS = 2000  # characters kept of one page
_PAPER, _INK, _LINE = "#fcfbf8", "#14191b", "#0f5b66"


def main() -> None:
    """Do one task within its limits."""
    task, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    seconds, megabytes = float(sys.argv[4]), int(sys.argv[5])
    _limit(seconds, megabytes)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    if task == "count":
        _say(count(path))
        return
    until, spent = time.monotonic() + seconds, 0
    found = pdf(path) if task == "pdf" else package(path, task)
    for number, (picture, words) in enumerate(found, 1):
        if number == 1:
            spent += _keep(picture, folder, 0, COVER, "")
        spent += _keep(picture, folder, number, WIDTH, words)
        if spent > TOTAL or time.monotonic() > until:
            break


def count(path: Path) -> dict[str, object]:
    """How many pages a PDF has, and whether it acts by itself."""
    document = pypdfium2.PdfDocument(path)
    scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document)
    return {"pages": len(document), "active": scripts > 0}


def pdf(path: Path) -> Iterator[tuple[Image.Image, str]]:
    """The first pages of a PDF with their words."""
    document = pypdfium2.PdfDocument(path)
    for number in range(min(len(document), PAGES)):
        page = document[number]
        longest = max(page.get_width(), page.get_height(), 1.0)
        picture = page.render(scale=WIDTH / longest, may_draw_forms=False).to_pil()
        words = page.get_textpage().get_text_bounded()
        yield picture, _plain(words)
        page.close()


def package(path: Path, kind: str) -> Iterator[tuple[Image.Image, str]]:
    """The title picture a presentation brings along, else the words of its first slide."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        lines = title_slide(archive) if kind == "pptx" else []
        words = " ".join(lines)
        for name in _PICTURES[kind]:
            if name in names:
                source = Image.open(io.BytesIO(_read(archive, name)), formats=("JPEG", "PNG"))
                if source.width * source.height > MAX_PIXELS:
                    continue
                yield source, words
                return
        if lines:
            yield set_in_type(lines), words


def title_slide(archive: zipfile.ZipFile) -> list[str]:
    """The lines of the first slide. Read as text: an XML parser could be made to unfold more."""
    try:
        source = _read(archive, "ppt/slides/slide1.xml").decode("utf-8", "replace")
    except KeyError:
        return []
    found = []
    for paragraph in source.split("</a:p>"):
        line = "".join(re.findall(r"<a:t>([^<]*)</a:t>", paragraph))
        if line.strip():
            found.append(_plain(html.unescape(line))[:300])
    return found[:12]


def set_in_type(lines: list[str]) -> Image.Image:
    """A plain title slide: the first line large, the others below."""
    picture = Image.new("RGB", (WIDTH, WIDTH * 9 // 16), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 16), fill=_LINE)
    y, bottom = 120, picture.height - 60
    for number, line in enumerate(lines):
        name, size = ("print-bold.ttf", 60) if number == 0 else ("print-regular.ttf", 34)
        font = ImageFont.truetype(_FONTS / name, size)
        for row in _broken(line, font, WIDTH - 200):
            if y + size > bottom:
                return picture
            draw.text((100, y), row, fill=_INK, font=font)
            y += int(size * 1.3)
        y += 20
    return picture


def _broken(line: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """A line in rows that fit."""
    row = ""
    for word in line.split():
        longer = f"{row} {word}".strip()
        if row and font.getlength(longer) > width:
            yield row
            longer = word
        row = longer
    yield row


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_LARGEST)


def _plain(words: str) -> str:
    """Words on one line, without what is no character (R23 again at the reader's side)."""
    kept = "".join(c if c.isprintable() else " " for c in words[: 2 * _WORDS])
    return " ".join(kept.split())[:_WORDS]


def _keep(picture: Image.Image, folder: Path, number: int, longest: int, words: str) -> int:
    """Lay a clean picture into the folder, say so, and return how many octets it has."""
    shrunk = picture.convert("RGB")
    shrunk.thumbnail((longest, longest))
    target = folder / f"{number}.webp"
    shrunk.save(target, "WEBP", quality=78, method=4)
    _say({"page": number, "width": shrunk.width, "height": shrunk.height, "words": words})
    return target.stat().st_size


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _limit(seconds: float, megabytes: int) -> None:
    """Limit memory, processor time and the size of a file; others go first."""
    octets = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (octets, octets))
    cpu = int(seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TOTAL, TOTAL))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


if __name__ == "__main__":
    main()
