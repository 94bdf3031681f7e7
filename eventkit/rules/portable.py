"""Dataclasses as plain JSON and back, every field checked and named when it is wrong."""

import dataclasses
import math
import re
import types
import typing
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from eventkit.errors import Invalid
from eventkit.rules import text

LONGEST = 200_000
LINES = frozenset(
    "summary description body lead abstract note biography text directions access access_needs "
    "diet cancellation help typed".split()
)
MOST = 100_000
_INSTANT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z")


def dump(value: Any) -> Any:
    """A dataclass as JSON values; fields that have their default are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {f.name: dump(found) for f, found in pairs if found != f.default}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, tuple | list):
        return [dump(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value


def load(shape: Any, value: Any, *, at: str, lines: bool = False) -> Any:
    """JSON values as the dataclass `shape`, every text cleaned.

    Unknown fields, missing ones and wrong kinds raise Invalid `import_field`, its field
    the path of what is wrong ("event.title.de"). Line breaks stay in the fields named in
    `LINES` only.
    """
    if isinstance(shape, types.UnionType):
        if value is None:
            return None
        shape = next(each for each in typing.get_args(shape) if each is not type(None))
    if typing.get_origin(shape) is tuple:
        return _tuple(typing.get_args(shape)[0], value, at, lines)
    if dataclasses.is_dataclass(shape):
        return _dataclass(shape, value, at, lines)
    if shape is datetime:
        return _instant(value, at)
    if isinstance(shape, type) and issubclass(shape, Enum):
        try:
            return shape(value)
        except ValueError:
            raise wrong(at) from None
    return _plain(shape, value, at, lines)


def wrong(at: str) -> Invalid:
    """The refusal of the field at a path."""
    return Invalid("import_field", field=at[:200])


def _tuple(shape: Any, value: Any, at: str, lines: bool) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > MOST:
        raise wrong(at)
    return tuple(
        load(shape, each, at=f"{at}[{number}]", lines=lines) for number, each in enumerate(value)
    )


def _dataclass(shape: Any, value: Any, at: str, lines: bool) -> Any:
    if not isinstance(value, dict):
        raise wrong(at)
    hints = typing.get_type_hints(shape)
    fields = {f.name: f for f in dataclasses.fields(shape)}
    for name in value:
        if name not in fields:
            raise wrong(f"{at}.{text.clean(str(name))}")
    found = {}
    for name, field in fields.items():
        if name in value:
            found[name] = load(
                hints[name], value[name], at=f"{at}.{name}", lines=lines or name in LINES
            )
        elif field.default is dataclasses.MISSING:
            raise wrong(f"{at}.{name}")
    return shape(**found)


def _instant(value: Any, at: str) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise wrong(at)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise wrong(at) from None


def _plain(shape: Any, value: Any, at: str, lines: bool) -> Any:
    if shape is str and isinstance(value, str) and len(value) <= LONGEST:
        return text.clean(value, lines=lines)
    if shape is bool and isinstance(value, bool):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if shape is int and number and isinstance(value, int) and abs(value) < 2**53:
        return value
    if shape is float and number and math.isfinite(value):
        return float(value)
    raise wrong(at)
