"""What people answer: weighed before a registration, kept with it, corrected later, forgotten."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from eventkit.documents import pictures, previews
from eventkit.errors import Invalid, NotFound, RegistrationClosed
from eventkit.model.event import Event
from eventkit.model.material import Stored
from eventkit.model.question import Filed, Form, Kind, Question, Upload, Value
from eventkit.model.registration import Consent, Registration, State
from eventkit.rules import questions as rules
from eventkit.rules import text
from eventkit.rules.uploads import PICTURES, SUFFIXES, check_attachment
from eventkit.store import events, files, history, own_data, registrations, shelf
from eventkit.store import questions as question_store
from eventkit.store.rows import Store

GUEST = "guest"
CONSENT = "answer:"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered on a form, raw.

    `typed` holds what was typed for each question key, an address as its four lines; `files`
    what was sent. `consent` is what answering a sensitive question agrees to, as it was shown.
    """

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    consent: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that was judged (a picture: drawn anew), on its way to the shelf."""

    octets: bytes
    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """Answers that may be kept; `companions` are the names of those who come along."""

    form: Form
    values: Mapping[str, Value]
    files: Mapping[str, Sound]
    companions: tuple[str, ...]
    consent: str
    language: str


def checked(
    store: Store,
    event: Event,
    given: Given,
    *,
    complete: bool = True,
    own: bool = True,
    before: Mapping[str, Value] | None = None,
    ready: Mapping[str, Sound] | None = None,
) -> Weighed:
    """Weigh answers; nothing is written yet. `ready` are the files as `drawn` made them.

    Questions that are not asked (any more) are passed over. Without `complete` required ones
    may stay open. What somebody answers on their `own` behalf needs their consent where it is
    sensitive; an organiser writes down what they were told. Raises Invalid with the field of
    the first answer that can't be accepted.
    """
    form = question_store.form(store, event.id)
    verdict = rules.judge(
        form,
        given.typed,
        sent=given.files,
        before=before,
        complete=complete,
        companions=event.companions,
        judged={key: sound.media_type for key, sound in (ready or {}).items()},
    )
    for key, code in verdict.problems.items():
        raise Invalid(code, field=f"q_{key}")
    made = ready if ready is not None else drawn(given.files)
    sound = {key: made[key] for key in verdict.uploads}
    if own and not given.consent:
        for question in form.questions:
            if question.sensitive and question.key in {*verdict.values, *sound}:
                raise Invalid("consent_sensitive", field=question.field)
    return Weighed(
        form, verdict.values, sound, _companions(form, verdict), given.consent, given.language
    )


def drawn(files: Mapping[str, Upload]) -> dict[str, Sound]:
    """Judge files by their content and draw pictures anew: slow, so before any transaction.

    Raises Invalid with the field of the first that can't be taken (R20).
    """
    return {key: _sound(f"q_{key}", upload) for key, upload in files.items()}


def _companions(form: Form, verdict: rules.Verdict) -> tuple[str, ...]:
    for question in form.questions:
        value = verdict.values.get(question.key)
        if question.kind is Kind.COMPANION and isinstance(value, tuple):
            return value
    return ()


def _sound(name: str, upload: Upload) -> Sound:
    try:
        media_type = check_attachment(io.BytesIO(upload.octets), len(upload.octets))
        if media_type in PICTURES:
            drawn = pictures.redraw(upload.octets, longest=2400)
            octets, media_type = drawn.octets, drawn.media_type
        else:
            octets = upload.octets
            with NamedTemporaryFile(suffix=".pdf") as beside:
                beside.write(octets)
                beside.flush()
                previews.count_pages(Path(beside.name))
    except Invalid as error:
        raise Invalid(error.code, field=name) from None
    return Sound(octets, media_type, text.filename(upload.filename, SUFFIXES[media_type]))


def keep(store: Store, registration_id: int, weighed: Weighed, *, now: datetime) -> None:
    """Write answers down with a registration, inside the caller's transaction."""
    for question in weighed.form.questions:
        value = _value(store, question, weighed, now)
        if value is not None and question.kind is not Kind.COMPANION:
            question_store.keep(store, registration_id, question, value)
            if question.sensitive and weighed.consent:
                _agree(store, registration_id, question, weighed, now)


def _value(store: Store, question: Question, weighed: Weighed, now: datetime) -> Value | None:
    """The value to keep; a new file is laid on the shelf now."""
    fresh = weighed.files.get(question.key)
    if fresh is None:
        return weighed.values.get(question.key)
    sha256, size = shelf.put(store, fresh.octets)
    files.record(store, Stored(sha256, fresh.media_type, size), now=now)
    return Filed(sha256, fresh.filename, fresh.media_type, size)


def _agree(
    store: Store, registration_id: int, question: Question, weighed: Weighed, now: datetime
) -> None:
    consent = Consent(CONSENT + question.key, weighed.consent, weighed.language, now)
    own_data.agree(store, registration_id, consent)


def correct(
    store: Store, registration_id: int, given: Given, *, actor: str = GUEST, now: datetime
) -> None:
    """Keep what was corrected; an answer left empty goes. Answers to retired questions stay.

    A guest may do so until registration closes, an organiser at any time and with gaps.
    Raises NotFound, RegistrationClosed, Invalid with the field.
    """
    own = actor == GUEST
    _correctable(store, registration_id, own=own, now=now)
    ready = drawn(given.files)
    with store.changing():
        # read again: looking into files takes long, and who deleted themselves meanwhile is gone
        found, event = _correctable(store, registration_id, own=own, now=now)
        earlier = of(store, found.id)
        weighed = checked(store, event, given, complete=own, own=own, before=earlier, ready=ready)
        agreed = {c.purpose for c in found.consents if c.withdrawn_at is None}
        was = question_store.files_of(store, found.id)
        changed = []
        for question in weighed.form.questions:
            if question.retired_at is not None or question.kind is Kind.COMPANION:
                continue
            value = _value(store, question, weighed, now)
            if value == earlier.get(question.key):
                continue
            changed.append(question.label.pick("de")[0])
            question_store.keep(store, found.id, question, value)
            purpose = CONSENT + question.key
            if value is None and purpose in agreed:
                own_data.withdraw(store, found.id, purpose, now=now)
            elif value is not None and question.sensitive and own and purpose not in agreed:
                _agree(store, found.id, question, weighed, now)
        if changed:
            history.note(
                store,
                "answers_changed",
                actor=actor,
                now=now,
                event_id=event.id,
                registration_id=found.id,
                subject=", ".join(changed)[:500],
            )
        forget_files(store, was)


def _correctable(
    store: Store, registration_id: int, *, own: bool, now: datetime
) -> tuple[Registration, Event]:
    found = registrations.by_id(store, registration_id)
    event = events.by_id(store, found.event_id) if found else None
    if found is None or event is None or not found.email:
        raise NotFound
    if own and (not rules.may_edit(event, now) or found.state is State.CANCELLED):
        raise RegistrationClosed("closed")
    return found, event


def of(store: Store, registration_id: int) -> dict[str, Value]:
    """What somebody answered, by key."""
    answers = question_store.of_registration(store, registration_id)
    return {answer.question.key: answer.value for answer in answers}


def open_for(store: Store, event: Event, registration_id: int) -> list[Question]:
    """The required questions somebody has not answered, because they came after them."""
    form = question_store.form(store, event.id)
    values = of(store, registration_id)
    return [
        question
        for question in form.questions
        if question.required
        and question.retired_at is None
        and question.kind is not Kind.COMPANION
        and question.key not in values
        and rules.shown(form, question, values)
    ]


def forget_files(store: Store, hashes: Iterable[str]) -> None:
    """Take files that no answer needs any more off the shelf, inside a transaction (R55).

    In the transaction, because the lock keeps out whoever sends the same file just now.
    """
    for sha256 in hashes:
        if question_store.forget_file(store, sha256):
            shelf.path(store, sha256).unlink(missing_ok=True)
