"""An organisation's own words for its letters: checked when saved, restored with one click."""

from datetime import datetime

from eventkit.documents import own_words, writing
from eventkit.errors import Invalid, NotFound
from eventkit.model.text import LANGUAGES, Text
from eventkit.model.wording import Wording
from eventkit.rules import placeholders, text
from eventkit.rules import wordings as rule
from eventkit.store import history, wordings
from eventkit.store.rows import Store


def save(store: Store, wanted: Wording, *, actor: str, now: datetime) -> Wording | None:
    """Keep the wording of a letter for one meeting, or for all (`event_id` None).

    What equals the text it stands in for is not kept, so that it follows that. Letters that
    wait already keep the words they were queued with. Returns what is kept. Raises NotFound
    for an unknown kind, Invalid with the field.
    """
    if wanted.kind not in rule.KINDS:
        raise NotFound
    subject, body = check(wanted.subject, wanted.body)
    with store.changing():
        checked = _own(store, Wording(wanted.kind, wanted.event_id, subject, body))
        wordings.remove(store, checked.kind, checked.event_id)
        if checked.subject or checked.body:
            wordings.save(store, checked, now=now)
        history.note(
            store,
            "wording_saved",
            actor=actor,
            now=now,
            event_id=checked.event_id,
            subject=checked.kind,
        )
        return wordings.one(store, checked.kind, checked.event_id)


def check(subject: Text, body: Text) -> tuple[Text, Text]:
    """Subject and body as they may be kept.

    Raises Invalid with the field (`subject_de`, `body_en`, …): `too_long`, `placeholder` for an
    unknown one, `placeholder_lost` for one that stands in an address.
    """
    checked = {"subject": text.clean_both(subject), "body": text.clean_both(body, lines=True)}
    limits = {"subject": rule.LONGEST_SUBJECT, "body": rule.LONGEST_BODY}
    for name, words in checked.items():
        for language in LANGUAGES:
            typed: str = getattr(words, language)
            field = f"{name}_{language}"
            if len(typed) > limits[name]:
                raise Invalid("too_long", field=field)
            if placeholders.unknown(typed):
                raise Invalid("placeholder", field=field)
            if name == "body" and own_words.lost(typed):
                raise Invalid("placeholder_lost", field=field)
    return checked["subject"], checked["body"]


def inherited(store: Store, kind: str, event_id: int | None, language: str) -> tuple[str, str]:
    """What a letter says without words of its own: the organisation's text, or the standard."""
    above = wordings.one(store, kind, None) if event_id is not None else None
    subject, body = rule.chosen([above] if above else [], language)
    standard = writing.standard(kind, language)
    return subject or standard[0], body or standard[1]


def in_force(store: Store, kind: str, event_id: int | None, language: str) -> tuple[str, str]:
    """Subject and opening a letter of a kind has now, with placeholders, as Markdown."""
    own = wordings.one(store, kind, event_id)
    subject, body = rule.chosen([own] if own else [], language)
    below = inherited(store, kind, event_id, language)
    return subject or below[0], body or below[1]


def _own(store: Store, wanted: Wording) -> Wording:
    """The wording without what would be said anyway, so that it follows what it inherits."""
    subject, body = {}, {}
    for language in LANGUAGES:
        first, opening = inherited(store, wanted.kind, wanted.event_id, language)
        typed: tuple[str, str] = getattr(wanted.subject, language), getattr(wanted.body, language)
        subject[language] = typed[0] if typed[0] != first else ""
        body[language] = typed[1] if typed[1] != opening else ""
    return Wording(wanted.kind, wanted.event_id, Text(**subject), Text(**body))


def restore(store: Store, kind: str, event_id: int | None, *, actor: str, now: datetime) -> bool:
    """Go back to the standard text (a meeting: to the organisation's).

    Says whether there was another.
    """
    with store.changing():
        removed = wordings.remove(store, kind, event_id)
        if removed:
            history.note(
                store, "wording_restored", actor=actor, now=now, event_id=event_id, subject=kind
            )
        return removed
