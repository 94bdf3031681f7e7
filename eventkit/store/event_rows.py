"""How a meeting lies in its row: the columns of an event, and the event of a row."""

from eventkit.model.event import Admission, Event, Mode, Place, Stage
from eventkit.store.rows import Row, fold, instant, instant_or_none, text


def columns(event: Event) -> dict[str, object]:
    """The changeable columns of a meeting."""
    names = (
        "uid slug title summary description zone starts_at ends_at all_day doors_at stage mode "
        "capacity waiting_list approval listed opens_at closes_at contact_name contact_email "
        "retention_days sequence changed_at revised_at announced_at cancelled_at cancellation "
        "per_organisation offer_hours admission companions party_size photo_consent attendee_list"
    ).split()
    place = (
        "street postal_code town country latitude longitude map_url online_url directions access"
    ).split()
    values: dict[str, object] = {name: getattr(event, name) for name in names}
    values |= {name: getattr(event.place, name) for name in place}
    spoken = (event.title.de, event.title.en, event.summary.de, event.summary.en)
    searched = fold(" ".join((*spoken, event.place.name, event.place.town)))
    values |= {"site_plan": event.site_plan or None, "site_plan_alt": event.site_plan_alt}
    return values | {"place_name": event.place.name, "search": searched}


def event_of(row: Row) -> Event:
    """The meeting in a row of the events table."""
    return Event(
        id=row["id"],
        uid=row["uid"],
        slug=row["slug"],
        title=text(row["title"]),
        summary=text(row["summary"]),
        description=text(row["description"]),
        zone=row["zone"],
        starts_at=instant(row["starts_at"]),
        ends_at=instant(row["ends_at"]),
        all_day=bool(row["all_day"]),
        doors_at=instant_or_none(row["doors_at"]),
        stage=Stage(row["stage"]),
        mode=Mode(row["mode"]),
        place=_place(row),
        capacity=row["capacity"],
        waiting_list=bool(row["waiting_list"]),
        approval=bool(row["approval"]),
        listed=bool(row["listed"]),
        opens_at=instant_or_none(row["opens_at"]),
        closes_at=instant_or_none(row["closes_at"]),
        contact_name=row["contact_name"],
        contact_email=row["contact_email"],
        retention_days=row["retention_days"],
        sequence=row["sequence"],
        created_at=instant(row["created_at"]),
        changed_at=instant(row["changed_at"]),
        revised_at=instant(row["revised_at"]),
        announced_at=instant_or_none(row["announced_at"]),
        cancelled_at=instant_or_none(row["cancelled_at"]),
        cancellation=text(row["cancellation"]),
        per_organisation=row["per_organisation"],
        offer_hours=row["offer_hours"],
        admission=Admission(row["admission"]),
        companions=row["companions"],
        party_size=row["party_size"],
        photo_consent=bool(row["photo_consent"]),
        attendee_list=bool(row["attendee_list"]),
        programme_version=row["programme_version"],
        topic_slugs=tuple(sorted((row["topic_slugs"] or "").split())),
        site_plan=row["site_plan"] or "",
        site_plan_alt=text(row["site_plan_alt"]),
    )


def _place(row: Row) -> Place:
    return Place(
        name=row["place_name"],
        street=row["street"],
        postal_code=row["postal_code"],
        town=row["town"],
        country=row["country"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        map_url=row["map_url"],
        online_url=row["online_url"],
        directions=text(row["directions"]),
        access=text(row["access"]),
    )
