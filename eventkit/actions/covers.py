"""What slides look like: drawn once for each file by the worker, kept on the shelf."""

from datetime import datetime

from eventkit.documents import previews as drawing
from eventkit.model.material import Preview, Stored
from eventkit.rules.uploads import SUFFIXES
from eventkit.store import previews, shelf
from eventkit.store.rows import Store


def draw_next(store: Store, *, now: datetime) -> bool:
    """Draw one file that has no pictures yet; says whether there was one.

    A file that can't be drawn is noted as such and not tried again. Raises Unavailable.
    """
    file = previews.due(store)
    if file is None:
        return False
    path, suffix = shelf.path(store, file.sha256), SUFFIXES[file.media_type]
    cover, pages = None, []
    with drawing.drawn(path, suffix) as found:
        for each in found:
            sha256, size = shelf.put(store, each.path.read_bytes())
            stored = Stored(sha256, "image/webp", size)
            preview = Preview(each.page, stored, each.width, each.height, each.words)
            if each.page:
                pages.append(preview)
            else:
                cover = preview
    with store.changing():
        previews.keep(store, file.sha256, cover, pages, now=now)
    return True
