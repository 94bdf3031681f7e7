"""What an uploaded file really is, judged by its content and never by its name (R20)."""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from eventkit.errors import Invalid

LIMIT = 100 * 1024 * 1024
PICTURE_LIMIT = 20 * 1024 * 1024
ATTACHMENT_LIMIT = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
_MEMBERS = 20_000
_UNPACKED = 1024 * 1024 * 1024
_RATIO = 200
_PDF_ACTIVE = re.compile(
    b"/(?:%b)(?=[\\s/<(\\[\\]>])"
    % b"|".join(
        # each letter may be written as #xx (ISO 32000 7.3.5)
        b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name)
        for name in (b"JavaScript", b"JS", b"Launch", b"XFA", b"RichMedia")
    )
)
_BEFORE_PDF = b"\0\t\n\f\r \xef\xbb\xbf"  # readers take more; a picture that is a PDF too is none
_PDF_PACKED = re.compile(rb"/ObjStm(?=[\s/<(\[\]>])")
_PDF_STREAM = 4 * 1024 * 1024  # octets of one object stream that are looked at
_PDF_UNPACKED = 256 * 1024 * 1024  # of all of them together
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ODP = "application/vnd.oasis.opendocument.presentation"
_KEY = "application/vnd.apple.keynote"
SUFFIXES = {
    "application/pdf": "pdf",
    _PPTX: "pptx",
    _ODP: "odp",
    _KEY: "key",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = ("pdf", "pptx", "odp", "key")


def check_document(file: BinaryIO, size: int, *, limit: int = LIMIT) -> str:
    """The media type of slides: PDF, PPTX, ODP or Keynote. Leaves the file at its start.

    Raises Invalid (field "file"): `empty`, `too_big`, `kind`, `broken`, `active` for
    scripts or macros, `bomb` for an archive that unpacks beyond reason.
    """
    _sized(size, limit)
    file.seek(0)
    head = file.read(1024)
    try:
        if head.lstrip(_BEFORE_PDF).startswith(b"%PDF-"):
            return _pdf(file)
        if head.startswith(b"PK\x03\x04"):
            return _archive(file)
    finally:
        file.seek(0)
    raise Invalid("kind", field="file")


def check_picture(file: BinaryIO, size: int) -> str:
    """The media type of a picture: JPEG, PNG or WebP; it is drawn anew before it is kept.

    Raises Invalid (field "photo").
    """
    _sized(size, PICTURE_LIMIT, field="photo")
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    raise Invalid("kind", field="photo")


def check_attachment(file: BinaryIO, size: int) -> str:
    """The media type of a file that a guest sends along: a PDF, JPEG, PNG or WebP up to 10 MB.

    Raises Invalid like `check_document`.
    """
    _sized(size, ATTACHMENT_LIMIT)
    file.seek(0)
    if b"%PDF-" in file.read(1024):
        return check_document(file, size)
    try:
        return check_picture(file, size)
    except Invalid as error:
        raise Invalid(error.code, field="file") from None


def _sized(size: int, limit: int, field: str = "file") -> None:
    if size == 0:
        raise Invalid("empty", field=field)
    if size > limit:
        raise Invalid("too_big", field=field)


def _pdf(file: BinaryIO) -> str:
    """Names of active content are looked for as they are written, `#xx` escapes included.

    Also in object streams (ISO 32000 7.5.7), where PDFs since 1.5 pack most objects.
    """
    file.seek(0)
    tail, at, packed = b"", 0, []
    while chunk := file.read(1024 * 1024):
        block = tail + chunk
        _passive(block)
        packed += [at - len(tail) + found.start() for found in _PDF_PACKED.finditer(block)]
        at += len(chunk)
        tail = chunk[-64:]
    if len(packed) > _MEMBERS:
        raise Invalid("bomb", field="file")
    left = _PDF_UNPACKED
    for start in sorted(set(packed)):
        file.seek(start)
        unpacked = _object_stream(file, min(left, _PDF_STREAM))
        left -= len(unpacked)
        _passive(unpacked)
        if left <= 0:
            raise Invalid("bomb", field="file")
    return "application/pdf"


def _passive(block: bytes) -> None:
    if _PDF_ACTIVE.search(block):
        raise Invalid("active", field="file")


def _object_stream(file: BinaryIO, most: int) -> bytes:
    """What the object stream that begins here holds: `most` octets, as far as it unpacks."""
    head = file.read(4096)
    begin = re.search(rb"stream\r?\n", head)
    if begin is None:
        return b""
    unpacker, found, block = zlib.decompressobj(), b"", head[begin.end() :]
    try:
        while block and len(found) < most and not unpacker.eof:
            found += unpacker.decompress(block, most - len(found))
            block = unpacker.unconsumed_tail or file.read(16 * 1024)
    except zlib.error:
        pass  # not Flate, or broken: no reader gets further either
    return found


def _archive(file: BinaryIO) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = [_member(info) for info in _bounded(archive)]
            kind = _kind(set(names), archive.read)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, KeyError, RuntimeError):
        raise Invalid("broken", field="file") from None
    lower = [name.lower() for name in names]
    if any(
        n.endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".dll")) or n.startswith("basic/")
        for n in lower
    ):
        raise Invalid("active", field="file")
    return kind


def _bounded(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members of an archive. Raises Invalid `bomb` for too many or too much unpacked."""
    members = archive.infolist()
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members) or 1
    if len(members) > _MEMBERS or unpacked > _UNPACKED:
        raise Invalid("bomb", field="file")
    if unpacked > 10 * 1024 * 1024 and unpacked / packed > _RATIO:
        raise Invalid("bomb", field="file")
    return members


def _member(info: zipfile.ZipInfo) -> str:
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
        raise Invalid("broken", field="file")
    return name


def _kind(names: set[str], read: Callable[[str], bytes]) -> str:
    if "ppt/presentation.xml" in names and "[Content_Types].xml" in names:
        if b"macroEnabled" in read("[Content_Types].xml"):
            raise Invalid("active", field="file")
        return _PPTX
    if "mimetype" in names and read("mimetype").strip().decode("ascii", "replace") == _ODP:
        return _ODP
    if "Index/Document.iwa" in names or "Index.zip" in names:
        return _KEY
    raise Invalid("kind", field="file")
