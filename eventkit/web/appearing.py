"""The small forms about taking part, the same for the person and for an organiser on behalf.

Each function answers whether what was typed is kept; the form then says what is wrong.
"""

from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from eventkit.actions import speaking
from eventkit.errors import Invalid
from eventkit.model.appearance import Answer, Appearance, Window
from eventkit.model.event import Event
from eventkit.model.person import Person
from eventkit.store import people
from eventkit.web.forms.refusals import sentence
from eventkit.web.forms.speaking import (
    AnswerForm,
    Hours,
    PhotoForm,
    ProfileForm,
    WishForm,
    filled,
)
from eventkit.web.site import now, store


def answer(said: Appearance, actor: str) -> tuple[AnswerForm, bool]:
    """Taking part or not; `?answer=` chooses one beforehand."""
    wanted = request.args.get("answer", "")
    first = wanted if wanted in (Answer.CONFIRMED, Answer.DECLINED) else ""
    if not first and said.state is not Answer.OPEN:
        first = said.state.value
    form = AnswerForm(data={"answer": first, "remark": said.remark})
    if not form.validate_on_submit():
        return form, False
    return form, _kept(
        form,
        lambda: speaking.answer(
            store(),
            said.event_id,
            said.person_id,
            Answer(form.answer.data),
            form.remark.data or "",
            actor=actor,
            now=now(),
        ),
    )


def wishes(said: Appearance, actor: str) -> tuple[WishForm, bool]:
    """What somebody needs in the room."""
    form = WishForm(data={"technical": said.technical})
    if not form.validate_on_submit():
        return form, False
    return form, _kept(
        form,
        lambda: speaking.wish(
            store(),
            said.event_id,
            said.person_id,
            form.technical.data or "",
            actor=actor,
            now=now(),
        ),
    )


def times(
    event: Event, person_id: int, windows: tuple[Window, ...], actor: str
) -> tuple[Hours, bool]:
    """When somebody can be there. A row more is only shown, nothing is saved."""
    hours = Hours(event, windows)
    if request.method != "POST":
        return hours, False
    typed = hours.read(request.form)
    if hours.errors or "more" in request.form:
        return hours, False
    try:
        speaking.say_when(store(), event.id, person_id, typed, actor=actor, now=now())
    except Invalid as error:
        hours.problem = sentence(error.code)
        return hours, False
    return hours, True


def profile(person: Person, actor: str) -> tuple[ProfileForm, bool]:
    """What the public reads of a person."""
    form = ProfileForm(data=filled(person))
    if not form.validate_on_submit():
        return form, False
    return form, _kept(
        form,
        lambda: speaking.save_profile(store(), form.person(person.id), actor=actor, now=now()),
    )


def photo(person: Person, actor: str) -> tuple[PhotoForm, bool]:
    """A photo and the square of it that is shown."""
    _source, crop = people.photo_source(store(), person.id)
    form = PhotoForm(
        data={
            "zoom": crop.zoom,
            "across": crop.across,
            "down": crop.down,
            "alt_de": person.photo_alt.de,
            "alt_en": person.photo_alt.en,
            "credit": person.photo_credit,
        }
    )
    if not form.validate_on_submit():
        return form, False
    chosen: FileStorage | None = form.photo.data or None
    return form, _kept(
        form,
        lambda: speaking.set_photo(
            store(),
            person.id,
            chosen.read() if chosen else None,
            crop=form.crop(),
            alt=form.text("alt"),
            credit=form.credit.data or "",
            actor=actor,
            now=now(),
        ),
    )


def _kept(form: Any, act: Any) -> bool:
    try:
        act()
    except Invalid as error:
        form.refuse(error)
        return False
    return True
