"""For somebody who speaks, with a personal link: everything behind it, by subject."""

from eventkit.web.speaking import calendar
from eventkit.web.speaking.desk import blueprint

__all__ = ["blueprint", "calendar"]
