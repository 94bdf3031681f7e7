"""For somebody who speaks, with a personal link: everything behind it, by subject."""

from eventkit.web.speaking import answers, calendar, page, slides
from eventkit.web.speaking.desk import blueprint

__all__ = ["answers", "blueprint", "calendar", "page", "slides"]
