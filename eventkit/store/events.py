"""Meetings, their topics and links, and the organisation that holds them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from eventkit.errors import NotFound
from eventkit.model.account import Organisation
from eventkit.model.archive import Topic
from eventkit.model.event import Event, Link
from eventkit.model.text import Text
from eventkit.store.event_rows import columns, event_of
from eventkit.store.rows import (
    Row,
    Store,
    column,
    instant,
    instant_or_none,
    pattern,
    text,
)

_SELECT = """
SELECT e.*,
    (SELECT max(p.version) FROM programmes p WHERE p.event_id = e.id) AS programme_version,
    (SELECT group_concat(t.slug, ' ') FROM event_topics et JOIN topics t ON t.id = et.topic_id
        WHERE et.event_id = e.id) AS topic_slugs
FROM events e
"""
_PUBLIC = "e.stage <> 'draft' AND e.listed = 1"
_SEARCH = "e.search LIKE :words ESCAPE '!'"


def by_slug(store: Store, slug: str) -> Event | None:
    """The meeting at an address, whatever its stage."""
    row = store.one(_SELECT + "WHERE e.slug = :slug", slug=slug)
    return event_of(row) if row else None


def by_id(store: Store, event_id: int) -> Event | None:
    """The meeting with an id."""
    row = store.one(_SELECT + "WHERE e.id = :id", id=event_id)
    return event_of(row) if row else None


def required(store: Store, event_id: int) -> Event:
    """The meeting that must be there. Raises NotFound."""
    event = by_id(store, event_id)
    if event is None:
        raise NotFound
    return event


def moved_to(store: Store, slug: str) -> str | None:
    """The present address of a meeting that once had this one."""
    sql = "SELECT e.slug FROM event_slugs s JOIN events e ON e.id = s.event_id WHERE s.slug = :slug"
    found: str | None = store.value(sql, slug=slug)
    return found


def coming(store: Store, now: datetime, *, limit: int = 50) -> list[Event]:
    """Listed meetings that are not over, the next first; cancelled ones included."""
    sql = _SELECT + f"WHERE {_PUBLIC} AND e.ends_at > :now ORDER BY e.starts_at, e.id LIMIT :limit"
    return [event_of(row) for row in store.all(sql, now=column(now), limit=limit)]


def past(store: Store, now: datetime, *, limit: int = 50) -> list[Event]:
    """Listed meetings that are over and took place, the latest first."""
    sql = _SELECT + (
        f"WHERE {_PUBLIC} AND e.ends_at <= :now AND e.stage <> 'cancelled' "
        "ORDER BY e.starts_at DESC, e.id DESC LIMIT :limit"
    )
    return [event_of(row) for row in store.all(sql, now=column(now), limit=limit)]


def listed(
    store: Store,
    *,
    topic: str = "",
    year: int | None = None,
    words: str = "",
    limit: int = 20,
    offset: int = 0,
) -> tuple[list[Event], int]:
    """A page of all listed meetings, the latest first, and how many there are in all.

    `year` is the calendar year (UTC) in which a meeting starts.
    """
    where = [_PUBLIC]
    if topic:
        where.append(
            "e.id IN (SELECT et.event_id FROM event_topics et JOIN topics t ON t.id = et.topic_id "
            "WHERE t.slug = :topic)"
        )
    if year is not None:
        where.append("e.starts_at >= :from_year AND e.starts_at < :to_year")
    if words.strip():
        where.append(_SEARCH)
    condition = " AND ".join(where)
    values = {
        "topic": topic,
        "from_year": f"{year or 0:04}-",
        "to_year": f"{(year or 0) + 1:04}-",
        "words": pattern(words),
    }
    total = store.value(f"SELECT count(*) FROM events e WHERE {condition}", **values)
    rows = store.all(
        f"{_SELECT}WHERE {condition} "
        "ORDER BY e.starts_at DESC, e.id DESC LIMIT :limit OFFSET :offset",
        **values,
        limit=limit,
        offset=offset,
    )
    return [event_of(row) for row in rows], int(total)


def years(store: Store) -> list[int]:
    """The years that have listed meetings, the latest first."""
    sql = f"""SELECT DISTINCT substr(e.starts_at, 1, 4) AS y FROM events e
              WHERE {_PUBLIC} ORDER BY y DESC"""
    return [int(row["y"]) for row in store.all(sql)]


def of_topic(store: Store, topic_id: int, *, limit: int) -> list[Event]:
    """The listed meetings of a topic, the latest first."""
    sql = _SELECT + (
        f"WHERE {_PUBLIC} AND e.id IN (SELECT event_id FROM event_topics WHERE topic_id = :topic) "
        "ORDER BY e.starts_at DESC, e.id DESC LIMIT :limit"
    )
    return [event_of(row) for row in store.all(sql, topic=topic_id, limit=limit)]


def counts_by_topic(store: Store) -> dict[int, int]:
    """How many meetings each topic has, drafts included."""
    rows = store.all("SELECT topic_id, count(*) AS n FROM event_topics GROUP BY topic_id")
    return {row["topic_id"]: row["n"] for row in rows}


def in_feed(store: Store, since: datetime, *, topic_id: int | None = None) -> list[Event]:
    """What a subscribed calendar shows: listed meetings that ended after `since`, by time."""
    only = (
        "AND e.id IN (SELECT event_id FROM event_topics WHERE topic_id = :topic)"
        if topic_id
        else ""
    )
    sql = _SELECT + f"WHERE {_PUBLIC} AND e.ends_at > :since {only} ORDER BY e.starts_at, e.id"
    return [event_of(row) for row in store.all(sql, since=column(since), topic=topic_id)]


def announced(store: Store, *, limit: int) -> list[Event]:
    """Listed meetings, the latest announcement first."""
    sql = _SELECT + (
        f"WHERE {_PUBLIC} AND e.announced_at IS NOT NULL "
        "ORDER BY e.announced_at DESC, e.id DESC LIMIT :limit"
    )
    return [event_of(row) for row in store.all(sql, limit=limit)]


def changed_at(store: Store) -> datetime | None:
    """When any meeting was last changed; drafts count too, so that it never goes back."""
    return instant_or_none(store.value("SELECT max(max(changed_at, revised_at)) FROM events"))


def left_feeds_at(
    store: Store, now: datetime, *, cancelled: timedelta, past: timedelta
) -> datetime | None:
    """When the last meeting left subscribed calendars by age: some time after it ended."""
    moments = []
    for condition, stays in (("= 'cancelled'", cancelled), ("<> 'cancelled'", past)):
        sql = (
            f"SELECT max(ends_at) FROM events e WHERE {_PUBLIC} AND stage {condition} "
            "AND ends_at <= :at"
        )
        ended = instant_or_none(store.value(sql, at=column(now - stays)))
        moments += [ended + stays] if ended else []
    return max(moments, default=None)


def for_desk(
    store: Store, now: datetime, *, over: bool, words: str = "", limit: int
) -> tuple[list[Event], int]:
    """Meetings for the dashboard, drafts included, and how many there are in all.

    The coming ones, the next first, or (`over`) the past ones, the latest first.
    """
    where = ["e.ends_at <= :now" if over else "e.ends_at > :now"]
    if words.strip():
        where.append(_SEARCH)
    condition = " AND ".join(where)
    values = {"now": column(now), "words": pattern(words)}
    order = "e.starts_at DESC, e.id DESC" if over else "e.starts_at, e.id"
    sql = f"{_SELECT} WHERE {condition} ORDER BY {order} LIMIT :limit"
    found = [event_of(row) for row in store.all(sql, **values, limit=limit)]
    return found, int(store.value(f"SELECT count(*) FROM events e WHERE {condition}", **values))


def some(store: Store, ids: Iterable[int]) -> dict[int, Event]:
    """Meetings by their ids, in one query."""
    marks = ", ".join(str(int(event_id)) for event_id in ids) or "0"
    rows = store.all(f"{_SELECT} WHERE e.id IN ({marks})")
    return {row["id"]: event_of(row) for row in rows}


def uids(store: Store) -> list[tuple[int, str]]:
    """The calendar identities of all public meetings, by id."""
    rows = store.all("SELECT id, uid FROM events WHERE stage <> 'draft' ORDER BY id")
    return [(row["id"], row["uid"]) for row in rows]


def every(store: Store) -> list[Event]:
    """All meetings, drafts included, the latest first."""
    rows = store.all(f"{_SELECT} ORDER BY e.starts_at DESC, e.id DESC")
    return [event_of(row) for row in rows]


def slug_taken(store: Store, slug: str, *, but: int | None = None) -> bool:
    """Whether an address is or was another meeting's."""
    sql = """SELECT 1 FROM events WHERE slug = :slug AND id IS NOT :but
             UNION SELECT 1 FROM event_slugs WHERE slug = :slug AND event_id IS NOT :but"""
    return store.one(sql, slug=slug, but=but) is not None


def create(store: Store, event: Event) -> int:
    """Insert a meeting (its id is not used) and return its id."""
    return store.insert("events", **columns(event), created_at=event.created_at)


def save(store: Store, event: Event) -> None:
    """Write a meeting back; a changed address keeps leading here."""
    old = store.value("SELECT slug FROM events WHERE id = :id", id=event.id)
    store.update("events", event.id, **columns(event))
    if old != event.slug:
        store.run("DELETE FROM event_slugs WHERE slug = :slug", slug=event.slug)
        sql = "INSERT OR REPLACE INTO event_slugs (slug, event_id) VALUES (:slug, :id)"
        store.run(sql, slug=old, id=event.id)


def set_topics(store: Store, event_id: int, topic_ids: Iterable[int]) -> None:
    """Make a meeting belong to exactly these topics."""
    store.run("DELETE FROM event_topics WHERE event_id = :id", id=event_id)
    for topic_id in topic_ids:
        sql = "INSERT INTO event_topics (event_id, topic_id) VALUES (:event, :topic)"
        store.run(sql, event=event_id, topic=topic_id)


def topics(store: Store) -> list[Topic]:
    """All topics by title."""
    return [_topic(row) for row in store.all("SELECT * FROM topics ORDER BY fold(title), id")]


def topics_of(store: Store, event_id: int) -> list[Topic]:
    """The topics of a meeting by title."""
    sql = """SELECT t.* FROM topics t JOIN event_topics et ON et.topic_id = t.id
             WHERE et.event_id = :id ORDER BY fold(t.title), t.id"""
    return [_topic(row) for row in store.all(sql, id=event_id)]


def topic_by_slug(store: Store, slug: str) -> Topic | None:
    """The topic at an address."""
    row = store.one("SELECT * FROM topics WHERE slug = :slug", slug=slug)
    return _topic(row) if row else None


def save_topic(
    store: Store,
    *,
    topic_id: int | None,
    slug: str,
    title: Text,
    summary: Text,
    body: Text,
    now: datetime,
) -> int:
    """Create a topic (without an id) or write one back; returns its id."""
    values = {"slug": slug, "title": title, "summary": summary, "body": body, "changed_at": now}
    if topic_id is None:
        return store.insert("topics", **values, created_at=now)
    store.update("topics", topic_id, **values)
    return topic_id


def links(store: Store, event_id: int | None) -> tuple[Link, ...]:
    """Further information of a meeting, or of the organisation (None)."""
    sql = "SELECT * FROM links WHERE event_id IS :id ORDER BY position, id"
    return tuple(Link(text(row["label"]), row["url"]) for row in store.all(sql, id=event_id))


def set_links(store: Store, event_id: int | None, wanted: Sequence[Link]) -> None:
    """Replace the links of a meeting, or of the organisation (None)."""
    store.run("DELETE FROM links WHERE event_id IS :id", id=event_id)
    for position, link in enumerate(wanted):
        store.insert("links", event_id=event_id, position=position, label=link.label, url=link.url)


def organisation(store: Store) -> Organisation:
    """The organisation with its texts; a bare one before anything was set."""
    row = store.one("SELECT * FROM organisation WHERE id = 1")
    if row is None:
        return Organisation(name=Text(de="eventkit", en="eventkit"), short_name="eventkit")
    return Organisation(
        name=text(row["name"]),
        short_name=row["short_name"],
        accent=row["accent"],
        zone=row["zone"],
        language=row["language"],
        email=row["email"],
        postal=row["postal"],
        introduction=text(row["introduction"]),
        imprint=text(row["imprint"]),
        privacy=text(row["privacy"]),
        accessibility=text(row["accessibility"]),
        website=row["website"],
        logo=row["logo"] or "",
        links=links(store, None),
        changed_at=instant(row["changed_at"]),
    )


def save_organisation(store: Store, wanted: Organisation, *, now: datetime) -> None:
    """Write the organisation with its links."""
    names = (
        "name short_name accent zone language email postal website "
        "introduction imprint privacy accessibility"
    ).split()
    values = {name: getattr(wanted, name) for name in names}
    values |= {"logo": wanted.logo or None, "changed_at": now}
    if store.one("SELECT 1 FROM organisation WHERE id = 1") is None:
        store.insert("organisation", id=1, **values)
    else:
        store.update("organisation", 1, **values)
    set_links(store, None, wanted.links)


def _topic(row: Row) -> Topic:
    return Topic(
        id=row["id"],
        slug=row["slug"],
        title=text(row["title"]),
        summary=text(row["summary"]),
        body=text(row["body"]),
        changed_at=instant(row["changed_at"]),
    )
