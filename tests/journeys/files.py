"""Small real files to upload."""

import io

import pypdfium2
from PIL import Image


def jpeg(width: int = 60, height: int = 40) -> bytes:
    """A photo."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), "#7a2048").save(target, "JPEG")
    return target.getvalue()


def _pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 300)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


PDF = _pdf()


def pdf_file() -> io.BytesIO:
    """A talk of one page."""
    return io.BytesIO(PDF)
