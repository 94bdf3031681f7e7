"""A ZIP archive that is sent while it is read: its size is known before, its parts can be resumed.

Members are stored as they are (slides don't shrink), so every octet has its place from the
start; only checksums are reckoned on the way. Layout: APPNOTE.TXT 6.3.10, ZIP64 where needed.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

BLOCK = 256 * 1024
LARGEST = 0xFFFFFFFE  # beyond it a number needs ZIP64
_ELSEWHERE = 0xFFFFFFFF  # the number stands in the ZIP64 fields
_UTF8 = 0x0800
_UNIX_FILE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name inside, where it lies, its size (octets), its date (UTC)."""

    name: str
    path: Path
    size: int
    at: datetime

    @cached_property
    def checksum(self) -> int:
        """The CRC-32, reckoned when first asked for."""
        found = 0
        with self.path.open("rb") as source:
            while block := source.read(BLOCK):
                found = zlib.crc32(block, found)
        return found

    @property
    def stamp(self) -> tuple[int, int]:
        """Time and date as MS-DOS kept them."""
        at, year = self.at, max(1980, self.at.year)
        return (
            at.hour << 11 | at.minute << 5 | at.second // 2,
            (year - 1980) << 9 | at.month << 5 | at.day,
        )


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of the archive: octets made when needed, or a file."""

    size: int
    make: Callable[[], bytes] | Path


class Archive:
    """An archive of these members. `size` is how many octets it has."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._segments: list[_Segment] = []
        self.size = 0
        starts = []
        for member in members:
            starts.append(self.size)
            self._add(len(_local(member, 0)), partial(_local, member))
            self._segments.append(_Segment(member.size, member.path))
            self.size += member.size
        begin = self.size
        for member, start in zip(members, starts, strict=True):
            self._add(len(_central(start, member, 0)), partial(_central, start, member))
        end = _end(len(members), begin, self.size - begin)
        self._add(len(end), partial(bytes, end))

    def _add(self, size: int, make: Callable[[], bytes]) -> None:
        self._segments.append(_Segment(size, make))
        self.size += size

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The octets from `start` up to `stop` (excluded), a block at a time."""
        left = (self.size if stop is None else min(stop, self.size)) - start
        at = 0
        for segment in self._segments:
            if left <= 0:
                return
            skip = max(0, start - at)
            at += segment.size
            if skip >= segment.size and segment.size:
                continue
            for block in _octets(segment, skip, min(left, segment.size - skip)):
                left -= len(block)
                yield block


def _octets(segment: _Segment, skip: int, wanted: int) -> Iterator[bytes]:
    if not isinstance(segment.make, Path):
        yield segment.make()[skip : skip + wanted]
        return
    with segment.make.open("rb") as source:
        source.seek(skip)
        while wanted > 0 and (block := source.read(min(BLOCK, wanted))):
            wanted -= len(block)
            yield block


def _local(member: Member, checksum: int | None = None) -> bytes:
    checksum = member.checksum if checksum is None else checksum
    name, (time, date) = member.name.encode(), member.stamp
    big = member.size > LARGEST
    extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) if big else b""
    size = _ELSEWHERE if big else member.size
    version = 45 if big else 20
    head = struct.pack(
        "<4s5H3I2H",
        *(b"PK\3\4", version, _UTF8, 0, time, date),
        *(checksum, size, size, len(name), len(extra)),
    )
    return head + name + extra


def _central(start: int, member: Member, checksum: int | None = None) -> bytes:
    checksum = member.checksum if checksum is None else checksum
    name, (time, date) = member.name.encode(), member.stamp
    big, far = member.size > LARGEST, start > LARGEST
    fields = ([member.size, member.size] if big else []) + ([start] if far else [])
    extra = struct.pack(f"<HH{len(fields)}Q", 1, 8 * len(fields), *fields) if fields else b""
    size = _ELSEWHERE if big else member.size
    version = 45 if fields else 20
    head = struct.pack(
        "<4s6H3I5H2I",
        *(b"PK\1\2", 3 << 8 | version, version, _UTF8, 0, time, date),
        *(checksum, size, size, len(name), len(extra), 0, 0, 0),
        *(_UNIX_FILE, _ELSEWHERE if far else start),
    )
    return head + name + extra


def _end(number: int, begin: int, size: int) -> bytes:
    large = b""
    if begin + size > LARGEST or number > 0xFFFE:
        large = struct.pack(
            "<4sQ2H2I4Q", b"PK\6\6", 44, 3 << 8 | 45, 45, 0, 0, number, number, size, begin
        ) + struct.pack("<4sIQI", b"PK\6\7", 0, begin + size, 1)
    few = min(number, 0xFFFF)
    size, begin = (_ELSEWHERE, _ELSEWHERE) if large else (size, begin)
    return large + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, few, few, size, begin, 0)
