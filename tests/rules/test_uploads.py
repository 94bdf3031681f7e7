"""What an uploaded file really is."""

import io
import zipfile
import zlib

import pytest

from eventkit.errors import Invalid
from eventkit.rules import uploads


def packed(members: dict[str, bytes], **options) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def object_stream(content: bytes) -> io.BytesIO:
    """A PDF that packs its objects, as most programs write them."""
    packed = zlib.compress(content)
    head = b"%%PDF-1.7\n5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n"
    return io.BytesIO(head % len(packed) + packed + b"\nendstream endobj")


PPTX = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}
ODP = {"mimetype": b"application/vnd.oasis.opendocument.presentation", "content.xml": b"<x/>"}


def check(file: io.BytesIO) -> str:
    return uploads.check_document(file, len(file.getvalue()))


@pytest.mark.parametrize(
    ("file", "suffix"),
    [
        (io.BytesIO(b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"), "pdf"),
        (packed(PPTX), "pptx"),
        (packed(ODP), "odp"),
        (object_stream(b"7 0 <</Type/Page>>"), "pdf"),
        (packed({"Index/Document.iwa": b"x"}), "key"),
    ],
)
def test_slides_are_known_by_their_content(file: io.BytesIO, suffix: str) -> None:
    assert uploads.SUFFIXES[check(file)] == suffix
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (io.BytesIO(b""), "empty"),
        (io.BytesIO(b"<svg onload=alert(1)>"), "kind"),
        (io.BytesIO(b"<!doctype html><script>"), "kind"),
        (io.BytesIO(b"MZ\x90\x00"), "kind"),
        (io.BytesIO(b"PK\x03\x04broken"), "broken"),
        (packed({"word/document.xml": b"x"}), "kind"),
        (packed(PPTX | {"ppt/vbaProject.bin": b"x"}), "active"),
        (packed(PPTX | {"[Content_Types].xml": b"x macroEnabled x"}), "active"),
        (packed(PPTX | {"../../evil": b"x"}), "broken"),
        (packed(PPTX | {"/etc/passwd": b"x"}), "broken"),
        (packed(PPTX | {"big": b"0" * 30_000_000}), "bomb"),
        (io.BytesIO(b"%PDF-1.4\n<</S/JavaScript/JS(app.alert(1))>>"), "active"),
        (io.BytesIO(b"%PDF-1.4\n<</S/J#61vaScript>>"), "active"),
        (io.BytesIO(b"%PDF-1.4\n<</S/Launch /F(x)>>"), "active"),
        (object_stream(b"7 0 <</Type/Action/S/JavaScript/JS(app.alert(1))>>"), "active"),
        (object_stream(b"7 0 <</OpenAction<</S/L#61unch/F(cmd.exe)>>>>"), "active"),
        (io.BytesIO(b"GIF89a%PDF" + b"-"), "kind"),
        (packed(ODP | {"Basic/Standard/Module1.xml": b"x"}), "active"),
        (packed(PPTX | {"C:\\Windows\\evil": b"x"}), "broken"),
        (packed({f"{n}": b"" for n in range(20_001)} | PPTX), "bomb"),
    ],
)
def test_a_file_that_lies_or_acts_is_refused(file: io.BytesIO, code: str) -> None:
    """R20"""
    with pytest.raises(Invalid) as refused:
        check(file)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_the_limit_is_the_limit() -> None:
    file = io.BytesIO(b"%PDF-1.7")
    with pytest.raises(Invalid) as refused:
        uploads.check_document(file, uploads.LIMIT + 1)
    assert refused.value.code == "too_big"
