"""People who speak, moderate or are quoted."""

from datetime import datetime

from eventkit.model.person import Crop, Person
from eventkit.store.rows import Row, Store, column, pattern, text


def by_slug(store: Store, slug: str) -> Person | None:
    """The person at an address."""
    row = store.one("SELECT * FROM people WHERE slug = :slug", slug=slug)
    return person_of(row) if row else None


def by_id(store: Store, person_id: int) -> Person | None:
    """The person with an id."""
    row = store.one("SELECT * FROM people WHERE id = :id", id=person_id)
    return person_of(row) if row else None


def every(store: Store, *, words: str = "") -> list[Person]:
    """All people by name, or those whose name or organisation contains the words."""
    where = ""
    if words.strip():
        where = (
            "WHERE fold(name || ' ' || former_name || ' ' || organisation) LIKE :words ESCAPE '!'"
        )
    sql = f"SELECT * FROM people {where} ORDER BY fold(name), id LIMIT 1000"
    return [person_of(row) for row in store.all(sql, words=pattern(words))]


def by_address(store: Store, key: str) -> list[Person]:
    """People of a programme with a mail address (as `rules.text.address_key` gives it).

    Only those who were asked to take part, or stand in a published programme.
    """
    sql = """SELECT * FROM people p WHERE p.email <> '' AND lower(p.email) = lower(:key)
             AND (EXISTS (SELECT 1 FROM appearances a
                      WHERE a.person_id = p.id AND a.asked_at IS NOT NULL)
                  OR EXISTS (SELECT 1 FROM programme_people pp WHERE pp.person_id = p.id))
             ORDER BY p.id LIMIT 5"""
    return [person_of(row) for row in store.all(sql, key=key)]


def slugs_like(store: Store, slug: str) -> set[str]:
    """The addresses that begin with this one, to find a free one."""
    rows = store.all("SELECT slug FROM people WHERE slug LIKE :start || '%'", start=slug)
    return {row["slug"] for row in rows}


def is_public(store: Store, person_id: int) -> bool:
    """Whether a person stands in a published programme or recap of a public meeting."""
    sql = """
    SELECT 1 FROM programme_people pp JOIN programmes p ON p.id = pp.programme_id
        JOIN events e ON e.id = p.event_id
        WHERE pp.person_id = :id AND e.stage <> 'draft'
          AND p.version = (SELECT max(version) FROM programmes WHERE event_id = e.id)
    UNION SELECT 1 FROM quotes q JOIN recaps r ON r.event_id = q.event_id
        JOIN events e ON e.id = q.event_id
        WHERE q.person_id = :id AND r.published_at IS NOT NULL AND e.stage <> 'draft'
    LIMIT 1
    """
    return store.one(sql, id=person_id) is not None


def create(store: Store, person: Person, *, now: datetime) -> int:
    """Insert a person (their id is not used) and return the id."""
    return store.insert("people", **_columns(person), created_at=now, changed_at=now)


def save(store: Store, person: Person, *, now: datetime) -> None:
    """Write a person back."""
    store.update("people", person.id, **_columns(person), changed_at=now)


def photo_source(store: Store, person_id: int) -> tuple[str, Crop]:
    """The photo as it was given (its content hash, or "") and which square of it is shown."""
    row = store.one(
        "SELECT coalesce(photo_source, photo, '') AS hash, photo_crop FROM people WHERE id = :id",
        id=person_id,
    )
    if row is None:
        return "", Crop()
    numbers = [int(each) for each in row["photo_crop"].split(",") if each]
    return row["hash"], Crop(*numbers)


def set_photo(
    store: Store, person_id: int, *, photo: str, source: str, crop: Crop, now: datetime
) -> None:
    """Show another photo of a person, or (empty) none."""
    store.update(
        "people",
        person_id,
        photo=photo or None,
        photo_source=source or None,
        photo_crop=f"{crop.across},{crop.down},{crop.zoom}" if source else "",
        changed_at=now,
    )


def follow(store: Store, before: Person, after: Person, *, now: datetime) -> int:
    """Let drafts of meetings to come say a person's new function and organisation.

    Only where they said the former ones; what an organiser wrote for that day stays. Says on
    how many items.
    """
    touched: set[int] = set()
    for name in ("function", "organisation"):
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        rows = store.all(
            f"""UPDATE item_people SET {name} = :new WHERE person_id = :id AND {name} = :old
                AND item_id IN (SELECT i.id FROM agenda_items i JOIN events e ON e.id = i.event_id
                    WHERE i.removed_at IS NULL AND e.ends_at > :now)
                RETURNING item_id""",
            id=before.id,
            old=column(old),
            new=column(new),
            now=column(now),
        )
        touched |= {row["item_id"] for row in rows}
    for item_id in touched:
        store.update("agenda_items", item_id, changed_at=now)
    return len(touched)


def _columns(person: Person) -> dict[str, object]:
    names = (
        "slug name former_name function organisation biography website email photo_alt "
        "photo_credit language"
    ).split()
    return {name: getattr(person, name) for name in names} | {"photo": person.photo or None}


def person_of(row: Row, prefix: str = "") -> Person:
    """The person in a row whose columns carry a prefix."""
    return Person(
        id=row[f"{prefix}id"],
        slug=row[f"{prefix}slug"],
        name=row[f"{prefix}name"],
        former_name=row[f"{prefix}former_name"],
        function=text(row[f"{prefix}function"]),
        organisation=text(row[f"{prefix}organisation"]),
        biography=text(row[f"{prefix}biography"]),
        website=row[f"{prefix}website"],
        email=row[f"{prefix}email"],
        photo=row[f"{prefix}photo"] or "",
        photo_alt=text(row[f"{prefix}photo_alt"]),
        photo_credit=row[f"{prefix}photo_credit"],
        language=row[f"{prefix}language"],
    )
