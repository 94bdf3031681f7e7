"""Pictures drawn anew: turned upright, without EXIF, at most as large as a page needs (R20)."""

import io
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from eventkit.errors import Invalid
from eventkit.rules.uploads import MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG with its size in pixels."""

    octets: bytes
    width: int
    height: int
    media_type: str = "image/jpeg"


def redraw(octets: bytes, *, longest: int = 1600) -> Picture:
    """The picture as a fresh JPEG, its longest side at most `longest` pixels.

    Raises Invalid (field "photo"): `too_many_pixels` over 40 megapixels, `broken`.
    """
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "WEBP")) as source:
            if source.width * source.height > MAX_PIXELS:
                raise Invalid("too_many_pixels", field="photo")
            upright = ImageOps.exif_transpose(source)
            upright.thumbnail((longest, longest))
            plain = Image.new("RGB", upright.size, "white")
            alpha = upright.convert("RGBA")
            plain.paste(alpha, mask=alpha.getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("broken", field="photo") from None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return Picture(out.getvalue(), plain.width, plain.height)


def pdf_pages(path: str) -> int:
    """How many pages a PDF has.

    Raises Invalid (field "file"): `broken` when it can't be read, `active` when it carries
    scripts, also inside compressed parts.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        raise Invalid("broken", field="file") from None
    try:
        if pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
            raise Invalid("active", field="file")
        return len(document)
    finally:
        document.close()
