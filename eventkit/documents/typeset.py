"""Plain text set well: paragraphs to 72 columns, underlined headings, aligned facts."""

import re
from collections.abc import Sequence
from textwrap import wrap

WIDTH = 72
_MARGIN = re.compile(r"(?:> |\s)*(?:- |\d{1,9}\. )?")


def wrapped(words: object, *, first: str = "", rest: str = "") -> str:
    """The words in lines of at most 72 columns; list items and quotes keep their margin.

    `first` and `rest` stand before the first and the further lines. Addresses are
    never broken, so a long one may be longer than a line.
    """
    lines: list[str] = []
    for line in str(words).splitlines() or [""]:
        match = _MARGIN.match(line)
        start = match[0] if match else ""
        margin = "".join(sign if sign == ">" else " " for sign in start)
        before = first if not lines else rest
        lines += wrap(
            line[len(start) :],
            WIDTH,
            initial_indent=before + start,
            subsequent_indent=rest + margin,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [(before + start).rstrip()]
    return "\n".join(lines)


def underlined(words: object, sign: str) -> str:
    """A heading with a line of signs below it."""
    lines = wrapped(words)
    return f"{lines}\n{sign * max(map(len, lines.splitlines()))}"


def columns(pairs: Sequence[tuple[object, object]]) -> str:
    """Labels on the left, what they mean on the right, under each other."""
    margin = 2 + max((len(str(label)) for label, _ in pairs), default=0)
    return "\n".join(
        wrapped(value, first=f"{label!s:<{margin}}", rest=" " * margin) for label, value in pairs
    )


def tidy(text: str) -> str:
    """The text without blanks at line ends or more than one empty line in a row.

    The blank of "-- " stays: it marks the signature (RFC 3676 4.3).
    """
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
