"""An organisation's logo, small enough to travel with every letter."""

import io
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from eventkit.rules.uploads import MAX_PIXELS

WIDTH, HEIGHT = 440, 128  # twice what a letter shows


@lru_cache(maxsize=4)
def small(octets: bytes) -> bytes:
    """The picture as a PNG of at most 440 by 128 pixels, transparent where it was.

    Empty for what is no picture: a letter goes out without it.
    """
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG", "WEBP")) as source:
            if source.width * source.height > MAX_PIXELS:
                return b""
            shown = source.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    shown.thumbnail((WIDTH, HEIGHT))
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True)
    return out.getvalue()
