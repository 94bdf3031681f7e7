"""Pictures drawn anew: turned upright, without EXIF, at most as large as a page needs (R20)."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from eventkit.errors import Invalid
from eventkit.model.person import Crop
from eventkit.rules.uploads import MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG with its size in pixels."""

    octets: bytes
    width: int
    height: int
    media_type: str = "image/jpeg"


def redraw(octets: bytes, *, longest: int = 1600, crop: Crop | None = None) -> Picture:
    """The picture as a fresh JPEG, its longest side at most `longest` pixels.

    With `crop` it is that square of it. Raises Invalid (field "photo"): `too_many_pixels`
    over 40 megapixels, `broken`.
    """
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "WEBP")) as source:
            if source.width * source.height > MAX_PIXELS:
                raise Invalid("too_many_pixels", field="photo")
            upright = ImageOps.exif_transpose(source)
            if crop is not None:
                upright = upright.crop(_square(upright.width, upright.height, crop))
            upright.thumbnail((longest, longest))
            plain = Image.new("RGB", upright.size, "white")
            alpha = upright.convert("RGBA")
            plain.paste(alpha, mask=alpha.getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("broken", field="photo") from None
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return Picture(out.getvalue(), plain.width, plain.height)


def _square(width: int, height: int, crop: Crop) -> tuple[int, int, int, int]:
    side = max(1, min(width, height) * 100 // max(100, crop.zoom))
    left = (width - side) * min(max(crop.across, 0), 100) // 100
    top = (height - side) * min(max(crop.down, 0), 100) // 100
    return left, top, left + side, top + side
