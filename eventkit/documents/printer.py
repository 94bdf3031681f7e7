"""The process that prints: jobs on standard input, PDFs on standard output. See `press.py`.

Started as `python -m eventkit.documents.printer MEGABYTES IDLE`; nothing else imports it.
A job is 8 bytes of length and JSON; an answer is "=" or "!", 8 bytes of length, and the PDF
or one sentence on what went wrong. After a failure the process ends.
"""

import gc
import json
import os
import resource
import select
import signal
import sys
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from eventkit.documents import imposition

STATIC = Path(__file__).parents[2] / "static"

_STATIC_HOST = "static.invalid"  # RFC 2606: such hosts exist nowhere
_IMAGE_HOST = "images.invalid"
_STATIC_TYPES = {".css": "text/css", ".ttf": "font/ttf", ".png": "image/png"}
_IMAGE_TYPES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


class Shelf(URLFetcher):  # type: ignore[misc]
    """Serves our own static files and the images of one job, and knows no other address.

    It has none of the handlers of its base class: no http, no file, no data, no redirects.
    """

    def __init__(self, images: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.handlers: list[object] = []
        self.handle_open: dict[str, object] = {}
        self._images = images

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The content at an address of ours. Raises ValueError for any other."""
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.netloc == _IMAGE_HOST:
            image = self._images[unquote(parts.path[1:])]
            return _response(url, image, _image_type(image))
        if parts.scheme == "https" and parts.netloc == _STATIC_HOST:
            path = (STATIC / unquote(parts.path[1:])).resolve()
            kind = _STATIC_TYPES.get(path.suffix)
            if kind and path.is_relative_to(STATIC.resolve()):
                return _response(url, path.read_bytes(), kind)
        raise ValueError("this address is not served to papers")


class Printer:
    """Prints one job after another; keeps the fonts and each stylesheet it has read."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._sheets: dict[str, CSS] = {}

    def pdf(self, job: dict[str, Any]) -> bytes:
        """The paper as a tagged PDF."""
        shelf = Shelf({name: b64decode(text) for name, text in job["images"].items()})
        at = datetime.fromisoformat(job["at"])
        html = HTML(string=job["html"], url_fetcher=shelf, base_url=f"https://{_IMAGE_HOST}/")
        enclosures = [
            Attachment(
                string=b64decode(content),
                name=name,
                description=description or None,
                created=at,
                modified=at,
                relationship="Supplement",
                url_fetcher=shelf,
            )
            for name, description, content in job["enclosures"]
        ]
        document = self._fitting(html, job["sheet"], job["steps"])
        if job["folded"]:
            document = document.copy(imposition.whole(document.pages))
        printed: bytes = document.write_pdf(
            finisher=imposition.impose if job["folded"] else None,
            attachments=enclosures,
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            pdf_identifier=True,
        )
        return printed

    def _fitting(self, html: HTML, sheet: str, steps: list[list[float]]) -> Document:
        """The paper laid out in the largest type whose pages are not too many."""
        sheets = [self._sheet(sheet)]
        if not steps:
            return html.render(stylesheets=sheets, font_config=self._fonts)
        # What fits in one size fits in every later one, so the list is halved, not walked.
        low, high, best = 0, len(steps) - 1, None
        while low < high or best is None:
            middle = (low + high) // 2
            size, most = steps[middle]
            type_size = CSS(string=f"html {{ font-size: {size}pt }}", font_config=self._fonts)
            tried = html.render(stylesheets=[*sheets, type_size], font_config=self._fonts)
            if len(tried.pages) <= most or middle == len(steps) - 1:
                best, high = tried, middle
            else:
                low = middle + 1
        return best

    def _sheet(self, name: str) -> CSS:
        if name not in self._sheets:
            self._sheets[name] = CSS(
                url=f"https://{_STATIC_HOST}/css/print/{name}",
                font_config=self._fonts,
                url_fetcher=Shelf({}),
            )
        return self._sheets[name]


def main() -> None:
    """Print what comes until nobody is there, nothing comes, or something went wrong."""
    megabytes, idle = int(sys.argv[1]), float(sys.argv[2])
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's print() spoils no answer
    _limit(megabytes)
    printer = Printer()
    gc.freeze()
    gc.disable()
    while packed := _next(sys.stdin.buffer, idle):
        job = json.loads(packed)
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        try:
            answer, verdict = printer.pdf(job), b"="
        except Exception as error:  # noqa: BLE001 - whatever it was, the one who waits must hear it
            answer, verdict = f"{type(error).__name__}: {error}".encode("utf-8", "replace"), b"!"
        answers.write(verdict + len(answer).to_bytes(8) + answer)
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)
        if verdict == b"!" or _grown(megabytes):
            break
        gc.collect()


def _limit(megabytes: int) -> None:
    """Limit memory, leave no core files, and let people who register go first."""
    octets = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (octets, octets))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def _grown(megabytes: int) -> bool:
    """Whether half of the memory was in use once, so that a fresh process should go on."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > megabytes * 1024 // 2


def _next(jobs: IO[bytes], idle: float) -> bytes:
    """The next job, or nothing when the press closed its end or stays silent."""
    if not select.select([jobs], [], [], idle)[0]:
        return b""
    return jobs.read(int.from_bytes(jobs.read(8)))


def _image_type(image: bytes) -> str:
    """The media type by content. An SVG could bring addresses of its own: never served."""
    for start, kind in _IMAGE_TYPES.items():
        if image.startswith(start):
            return kind
    raise ValueError("this kind of image is not printed")


def _response(url: str, content: bytes, kind: str) -> URLFetcherResponse:
    return URLFetcherResponse(url, content, {"Content-Type": kind})


if __name__ == "__main__":
    main()
