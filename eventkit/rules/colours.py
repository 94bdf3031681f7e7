"""Readable shades of the colour an organisation chose, for light paper and dark screens.

Contrast is WCAG 2.2's (1.4.3); lightness moves in OKLCH, so that a colour keeps its hue.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, sin

PAPER = "#ffffff"
LIGHT = "#f3f1eb"  # the darkest background of the light pages
DARK = "#1c2124"  # the lightest background of the dark pages
INK = "#1a1d1f"
READABLE = 4.5

_STEPS = 200


@dataclass(frozen=True, slots=True)
class Shades:
    """An accent as text on our backgrounds, and the text on it; "#rrggbb" each."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def clean(colour: str) -> str:
    """The colour as "#rrggbb" in small letters, from "#rgb" or "#rrggbb".

    Raises ValueError for anything else, so that what is written into a stylesheet is a
    colour and nothing more.
    """
    digits = colour.strip().removeprefix("#").lower()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError("a colour is # and six hexadecimal digits")
    return f"#{digits}"


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, from 1 (the same) to 21 (black on white)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(accent: str, on: str = PAPER, *, least: float = READABLE) -> str:
    """The shade nearest to `accent` that has at least the contrast `least` on `on`.

    It grows darker on light backgrounds and lighter on dark ones. Raises ValueError when
    one of the two is no colour, or when neither black nor white reaches `least`.
    """
    colour = clean(accent)
    if contrast(colour, on) >= least:
        return colour
    target = max(("#000000", "#ffffff"), key=lambda end: contrast(end, on))
    if contrast(target, on) < least:
        raise ValueError("no shade is readable on this background")
    lightness, chroma, hue = _oklch(colour)
    goal = 0.0 if target == "#000000" else 1.0
    for step in range(1, _STEPS):
        moved = lightness + (goal - lightness) * step / _STEPS
        shade = _fitting(moved, chroma, hue)
        if contrast(shade, on) >= least:
            return shade
    return target


@lru_cache(maxsize=64)  # every page and every letter asks for the same few
def shades(accent: str) -> Shades:
    """The accent for light and dark pages, each with the text colour that stands on it."""
    light, dark = readable(accent, LIGHT), readable(accent, DARK)
    return Shades(light=light, on_light=on(light), dark=dark, on_dark=on(dark))


def on(colour: str) -> str:
    """White or our ink: whichever reads better on a surface of this colour."""
    return max((PAPER, INK), key=lambda text: contrast(text, colour))


def tint(accent: str, share: float, paper: str = PAPER) -> str:
    """`share` (0 to 1) of the accent mixed into the paper, for quiet surfaces."""
    pairs = zip(_channels(clean(accent)), _channels(clean(paper)), strict=True)
    return _hex([ink * share + white * (1 - share) for ink, white in pairs])


def _channels(colour: str) -> tuple[float, float, float]:
    digits = clean(colour)
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(channels: list[float]) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in channels)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    """Lightness (0 to 1), chroma and hue (radians), after Ottosson's OKLab."""
    red, green, blue = (_linear(part) for part in _channels(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> list[float]:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]


def _fitting(lightness: float, chroma: float, hue: float) -> str:
    """The colour with this lightness and hue, as strong as a screen can show it."""
    for share in range(20, -1, -1):
        channels = _linear_rgb(lightness, chroma * share / 20, hue)
        if all(-0.0005 <= part <= 1.0005 for part in channels):
            break
    return _hex([_encoded(min(1.0, max(0.0, part))) for part in channels])
