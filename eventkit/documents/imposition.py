"""A folded booklet: A5 pages side by side on A4, in the order that folding needs.

Works on the PDF that WeasyPrint has made, before it is written: each page becomes a form
on one half of a sheet. The structure for screen readers stays whole and in the order of
reading, because marked content may lie in a form (ISO 32000-1, 14.7.4.2 and 14.7.4.4).
"""

from collections.abc import Sequence
from typing import Any

import pydyf

_SPARE = 3  # pages for notes that a template brings, of which as many stay as folding needs


def order(pages: int) -> list[tuple[int, int]]:
    """The sides of the sheets as (left page, right page), counted from 0.

    Two neighbours in the list are the front and the back of one sheet; all sheets are
    laid on each other and folded once. `pages` must be a multiple of 4.
    """
    if pages % 4:
        raise ValueError("a booklet has a multiple of four pages")
    sides = []
    for sheet in range(pages // 4):
        first, last = 2 * sheet, pages - 1 - 2 * sheet
        sides += [(last, first), (first + 1, last - 1)]
    return sides


def whole(pages: Sequence[Any]) -> list[Any]:
    """The pages without those for notes that are too many, so that they make whole sheets.

    A page for notes has the anchor "notes-1", "notes-2" or "notes-3".
    """
    spare = [page for page in pages if any(name.startswith("notes-") for name in page.anchors)]
    needed = -(len(pages) - len(spare)) % 4
    dropped = {id(page) for page in spare[min(needed, _SPARE) :]}
    return [page for page in pages if id(page) not in dropped]


def impose(_document: object, pdf: pydyf.PDF) -> None:
    """Put the pages of a PDF two by two on sheets: a finisher for `write_pdf`.

    Needs a number of pages that `whole` made. The sheets are to be printed on both sides,
    turned on the short edge; the PDF tells printers so.
    """
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    before = pdf.page_references
    pdf.pages["Kids"], pdf.pages["Count"] = pydyf.Array(), 0
    where: dict[bytes, tuple[bytes, bytes]] = {}
    drawn = [page["Contents"] for page in pages]
    for left, right in order(len(pages)):
        side = _side(pdf, pages[left], pages[right])
        for number in (left, right):
            where[before[number]] = side.reference, drawn[number]
    _tell(pdf, where)
    preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
    preferences["Duplex"] = "/DuplexFlipShortEdge"
    preferences["PrintScaling"] = "/None"


def _side(pdf: pydyf.PDF, left: pydyf.Dictionary, right: pydyf.Dictionary) -> pydyf.Dictionary:
    """One side of a sheet that draws two pages as forms."""
    width, height = left["MediaBox"][2], left["MediaBox"][3]
    drawing = pydyf.Stream(compress=True)
    pdf.add_object(drawing)
    forms, notes = pydyf.Dictionary(), pydyf.Array()
    for number, (page, shift) in enumerate(((left, 0), (right, width))):
        form = _object(pdf, page["Contents"])
        form.extra |= {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": page["MediaBox"],
            "Resources": page["Resources"],
            "StructParents": page["StructParents"],
        }
        forms[f"Page{number}"] = form.reference
        drawing.stream.append(f"q 1 0 0 1 {shift:f} 0 cm /Page{number} Do Q".encode())
        for reference in page.get("Annots", ()):
            note = _object(pdf, reference)
            x1, y1, x2, y2 = note["Rect"]
            note["Rect"] = pydyf.Array([x1 + shift, y1, x2 + shift, y2])
            notes.append(reference)
        page.clear()  # nothing refers to it any more
    side = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": pdf.pages.reference,
            "MediaBox": pydyf.Array([0, 0, 2 * width, height]),
            "Contents": drawing.reference,
            "Resources": pydyf.Dictionary({"XObject": forms}),
            "Tabs": "/S",
        }
    )
    if notes:
        side["Annots"] = notes
    pdf.add_page(side)
    return side


def _tell(pdf: pydyf.PDF, where: dict[bytes, tuple[bytes, bytes]]) -> None:
    """Tell the elements of the structure on which side and in which form their words are now."""
    for found in pdf.objects:
        if not isinstance(found, pydyf.Dictionary) or "Pg" not in found:
            continue
        side, form = where[found["Pg"]]
        found["Pg"] = side
        kids = found.get("K")
        if kids:
            found["K"] = pydyf.Array(
                _content(kid, side, form) if isinstance(kid, int) else kid for kid in kids
            )


def _content(number: int, side: bytes, form: bytes) -> pydyf.Dictionary:
    return pydyf.Dictionary({"Type": "/MCR", "Pg": side, "Stm": form, "MCID": number})


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
