"""A meeting as its organisers type it: in its own zone, in both languages."""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from eventkit.actions.events import Plan
from eventkit.model.archive import Topic
from eventkit.model.event import Link, Mode, Place
from eventkit.model.text import Text
from eventkit.rules import dates, text
from eventkit.web.forms.base import (
    Form,
    Required,
    Sound,
    clock,
    complain,
    day,
    instant,
    line,
    lines,
    number,
    options,
)
from eventkit.web.forms.base import lazy_gettext as _l
from eventkit.web.language import gettext as _
from eventkit.web.language import plain

LINKS = range(1, 5)
FIELDS = {
    "title": "title_de",
    "starts_at": "start_time",
    "ends_at": "end_time",
    "doors_at": "doors_time",
    "closes_at": "closes_time",
    "links": "link1_url",
}
PLACE = ("street", "postal_code", "town", "country", "map_url", "online_url")
WEB = Sound(text.web_address)


class EventForm(Form):
    """Everything an organiser decides about a meeting."""

    title_de = line(_l("Title in German"), lang="de", longest=200)
    title_en = line(_l("Title in English"), lang="en", longest=200)
    summary_de = lines(_l("In two sentences, German"), lang="de")
    summary_en = lines(_l("In two sentences, English"), lang="en")
    description_de = lines(_l("Description, German"), lang="de")
    description_en = lines(_l("Description, English"), lang="en")
    slug = line(_l("Address of the page"), longest=80)
    topics = SelectMultipleField(
        _l("Topics"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput()
    )
    zone = SelectField(_l("Time zone"))
    all_day = BooleanField(_l("The whole day, without times"))
    start_date = day(_l("First day"), Required())
    start_time = clock(_l("Begins at"))
    end_date = day(_l("Last day"))
    end_time = clock(_l("Ends at"))
    doors_time = clock(_l("Doors open at"))
    mode = RadioField(
        _l("How people take part"),
        choices=options(
            [
                (Mode.ON_SITE.value, _l("On site")),
                (Mode.ONLINE.value, _l("Online")),
                (Mode.HYBRID.value, _l("On site and online")),
            ]
        ),
    )
    place_name = line(_l("House"), longest=200)
    street = line(_l("Street and number"), longest=200)
    postal_code = line(_l("Postal code"), longest=20)
    town = line(_l("Town"), longest=200)
    country = line(_l("Country"), longest=200)
    map_url = line(_l("Link to a map"), WEB, longest=2000)
    online_url = line(_l("Link to the online meeting"), WEB, longest=2000)
    directions_de = lines(_l("How to get there, German"), lang="de")
    directions_en = lines(_l("How to get there, English"), lang="en")
    access_de = lines(_l("Access, German"), lang="de")
    access_en = lines(_l("Access, English"), lang="en")
    opens_date = day(_l("Registration opens on"))
    opens_time = clock(_l("Opens at"))
    closes_date = day(_l("Registration closes on"))
    closes_time = clock(_l("Closes at"))
    capacity = number(_l("Places"), 0, 100_000)
    waiting_list = BooleanField(_l("Keep a waiting list when it is full"))
    approval = BooleanField(_l("I decide who gets a place"))
    listed = BooleanField(_l("Show it in the list of meetings and in the calendar"))
    contact_name = line(_l("Contact: name"), longest=200)
    contact_email = line(_l("Contact: e-mail"), Sound(text.address), longest=254)
    retention_days = number(_l("Days until personal data is deleted"), 0, 3650, Required())
    link1_label_de = line(_l("Link 1: words in German"), lang="de", longest=200)
    link1_label_en = line(_l("Link 1: words in English"), lang="en", longest=200)
    link1_url = line(_l("Link 1: address"), WEB, longest=2000)
    link2_label_de = line(_l("Link 2: words in German"), lang="de", longest=200)
    link2_label_en = line(_l("Link 2: words in English"), lang="en", longest=200)
    link2_url = line(_l("Link 2: address"), WEB, longest=2000)
    link3_label_de = line(_l("Link 3: words in German"), lang="de", longest=200)
    link3_label_en = line(_l("Link 3: words in English"), lang="en", longest=200)
    link3_url = line(_l("Link 3: address"), WEB, longest=2000)
    link4_label_de = line(_l("Link 4: words in German"), lang="de", longest=200)
    link4_label_en = line(_l("Link 4: words in English"), lang="en", longest=200)
    link4_url = line(_l("Link 4: address"), WEB, longest=2000)

    def offer(self, topics: list[Topic], zone: str) -> None:
        """Give the choices that depend on the site."""
        self.topics.choices = options((topic.id, plain(topic.title)) for topic in topics)
        self.zone.choices = options(zones(zone))

    def plan(self) -> Plan | None:
        """The plan the fields make; None when something is wrong, said at its field."""
        self.validate()
        if not self.text("title"):
            complain(self, "title_de", _("Please fill this in."))
        if self._wrong("start_date", "end_date", "zone"):
            return None
        starts_at, ends_at = self._span()
        doors = instant(self, "doors_time", self.start_date.data, self.doors_time.data, self._zone)
        opens_at = self._moment("opens", time(0))
        closes_at = self._moment("closes", time(23, 59))
        if self.errors or starts_at is None or ends_at is None:
            return None
        return Plan(
            title=self.text("title"),
            zone=self._zone,
            starts_at=starts_at,
            ends_at=ends_at,
            slug=self.slug.data or "",
            summary=self.text("summary"),
            description=self.text("description"),
            all_day=self.all_day.data,
            doors_at=None if self.all_day.data else doors,
            mode=Mode(self.mode.data),
            place=self._place(),
            capacity=self.capacity.data,
            waiting_list=self.waiting_list.data,
            approval=self.approval.data,
            listed=self.listed.data,
            opens_at=opens_at,
            closes_at=closes_at,
            contact_name=self.contact_name.data or "",
            contact_email=self.contact_email.data or "",
            retention_days=self.retention_days.data,
            topic_ids=tuple(self.topics.data or ()),
            links=self._links(),
        )

    def _wrong(self, *names: str) -> bool:
        """Whether one of these fields has been complained about."""
        return any(self[name].errors for name in names)

    @property
    def _zone(self) -> str:
        return str(self.zone.data)

    def _span(self) -> tuple[datetime | None, datetime | None]:
        """The beginning and the end; an all-day meeting ends with its last day."""
        first = self.start_date.data
        last = self.end_date.data or first
        if self.all_day.data:
            midnight = time(0)
            return (
                instant(self, "start_date", first, midnight, self._zone),
                instant(self, "end_date", last + timedelta(days=1), midnight, self._zone),
            )
        for name in ("start_time", "end_time"):
            if self[name].data is None and not self._wrong(name):
                complain(self, name, _("Please fill this in, or choose “the whole day”."))
        return (
            instant(self, "start_time", first, self.start_time.data, self._zone),
            instant(self, "end_time", last, self.end_time.data, self._zone),
        )

    def _moment(self, name: str, otherwise: time) -> datetime | None:
        if self._wrong(f"{name}_date", f"{name}_time"):
            return None
        on: date | None = self[f"{name}_date"].data
        at: time | None = self[f"{name}_time"].data
        if at is not None and on is None:
            complain(self, f"{name}_date", _("Please choose the day, too."))
        return instant(self, f"{name}_time", on, at or otherwise, self._zone)

    def _place(self) -> Place:
        values: dict[str, Any] = {name: self[name].data or "" for name in PLACE}
        return Place(
            name=self.place_name.data or "",
            directions=self.text("directions"),
            access=self.text("access"),
            **values,
        )

    def _links(self) -> tuple[Link, ...]:
        found = []
        for at in LINKS:
            url, label = self[f"link{at}_url"].data, self.text(f"link{at}_label")
            if url:
                found.append(Link(label or Text(de=url, en=url), url))
        return tuple(found)


def filled(plan: Plan) -> dict[str, object]:
    """The fields of the form for an existing plan, in the meeting's zone."""
    values: dict[str, object] = {
        name: getattr(plan, name)
        for name in (
            "zone slug all_day capacity waiting_list approval listed contact_name contact_email "
            "retention_days"
        ).split()
    }
    for name in ("title", "summary", "description"):
        values |= _pair(name, getattr(plan, name))
    values |= {name: getattr(plan.place, name) for name in PLACE}
    values |= {"place_name": plan.place.name, "mode": plan.mode.value}
    values |= _pair("directions", plan.place.directions) | _pair("access", plan.place.access)
    values |= {"topics": list(plan.topic_ids)}
    for at, link in zip(LINKS, plan.links, strict=False):
        values |= _pair(f"link{at}_label", link.label) | {f"link{at}_url": link.url}
    return values | _times(plan)


def _times(plan: Plan) -> dict[str, object]:
    values: dict[str, object] = {}
    first = dates.to_local(plan.starts_at, plan.zone)
    last = dates.to_local(plan.ends_at, plan.zone)
    if plan.all_day:
        last -= timedelta(days=1)
        values |= {"start_date": first.date(), "end_date": last.date()}
    else:
        values |= {"start_date": first.date(), "start_time": first.time()}
        values |= {"end_date": last.date(), "end_time": last.time()}
    if plan.doors_at:
        values["doors_time"] = dates.to_local(plan.doors_at, plan.zone).time()
    for name, moment in (("opens", plan.opens_at), ("closes", plan.closes_at)):
        if moment:
            local = dates.to_local(moment, plan.zone)
            values |= {f"{name}_date": local.date(), f"{name}_time": local.time()}
    return values


def _pair(name: str, words: Text) -> dict[str, object]:
    return {f"{name}_de": words.de, f"{name}_en": words.en}


def zones(own: str) -> list[tuple[str, str]]:
    """Time zones to choose from: the meeting's own, those of Europe, then the others."""
    known = [own, *(name for name in _zones() if name != own)]
    return [(name, name.replace("_", " ")) for name in known]


@cache
def _zones() -> tuple[str, ...]:
    names = [name for name in available_timezones() if "/" in name and not name.startswith("Etc")]
    return tuple(sorted(names, key=lambda name: (not name.startswith("Europe/"), name)))
