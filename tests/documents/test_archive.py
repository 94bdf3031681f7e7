"""Archives that are sent while they are read are archives like any other."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eventkit.documents import archive
from eventkit.documents.archive import Archive, Member

AT = datetime(2026, 11, 20, 9, 30, 14, tzinfo=UTC)


def members(folder: Path) -> list[Member]:
    contents = {"02 – Meral Thoms – Milieu.pdf": b"%PDF" * 1000, "leer.pdf": b"", "x.odp": b"z" * 9}
    found = []
    for number, (name, content) in enumerate(contents.items()):
        path = folder / str(number)
        path.write_bytes(content)
        found.append(Member(name, path, len(content), AT))
    return found


@pytest.mark.parametrize("largest", [0xFFFFFFFE, 100])
def test_what_goes_in_comes_out(tmp_path: Path, monkeypatch, largest: int) -> None:
    """Also where numbers need the large format."""
    monkeypatch.setattr(archive, "BLOCK", 700)
    monkeypatch.setattr(archive, "LARGEST", largest)
    made = Archive(members(tmp_path))
    octets = b"".join(made.read())
    assert len(octets) == made.size
    assert octets.count(b"PK\6\6") == (largest == 100)
    with zipfile.ZipFile(io.BytesIO(octets)) as read:
        assert read.testzip() is None
        assert read.read("02 – Meral Thoms – Milieu.pdf") == b"%PDF" * 1000
        assert [info.filename for info in read.infolist()] == [m.name for m in members(tmp_path)]
        assert read.infolist()[0].date_time == (2026, 11, 20, 9, 30, 14)


def test_every_stretch_of_it_can_be_asked_for(tmp_path: Path) -> None:
    made = Archive(members(tmp_path))
    whole = b"".join(made.read())
    for start, stop in ((0, 1), (20, 90), (4000, 4200), (made.size - 30, made.size), (50, None)):
        assert b"".join(made.read(start, stop)) == whole[start:stop]
