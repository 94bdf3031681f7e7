"""The calendar's self-test: an invite, its update and its end to one's own address.

Together with a look at the settings that decide whether programs believe an invite, and
at the public feed as a stranger sees it. Nobody's meeting is touched.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from eventkit import mailbox, transport
from eventkit.actions import post
from eventkit.actions.post import PostOffice
from eventkit.identity import Identity
from eventkit.language import catalogue
from eventkit.links import Links
from eventkit.mailbox import MailboxError
from eventkit.model.event import Place
from eventkit.model.letter import Facts, Letter, LetterKind, LetterState, Method
from eventkit.model.registration import CancelledBy, State
from eventkit.model.text import Text
from eventkit.rules import dates, text
from eventkit.store import answers, events, history, outbox
from eventkit.store.rows import Store
from eventkit.transport import Carrier, Mail, TransportError

GAP = timedelta(minutes=3)
Fetch = Callable[[str, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]
_NOWHERE = ("localhost", "localdomain", "invalid", "test", "example")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `good` None means: works, but worth knowing."""

    what: str
    good: bool | None
    words: str


def queue(
    store: Store,
    address: str,
    *,
    language: str,
    actor: str,
    now: datetime,
    identity: Identity,
) -> None:
    """Put the three letters into the outbox, a few minutes apart, so that each can be seen.

    Raises Invalid for what is no address.
    """
    made = letters(store, address, language=language, now=now, identity=identity, gap=GAP)
    with store.changing():
        answers.add_trial(store, made[0].facts.uid, now=now)
        for letter in made:
            outbox.queue(store, letter)
        history.note(store, "calendar_tested", actor=actor, now=now)


def carry(store: Store, office: PostOffice, address: str, *, now: datetime) -> Iterator[str]:
    """Send the three letters one after the other; after each, what should be seen.

    Raises Invalid for what is no address, TransportError when one does not get out.
    """
    language = "en"
    gap = timedelta(seconds=1)
    made = letters(store, address, language=language, now=now, identity=office.identity, gap=gap)
    with store.changing():
        answers.add_trial(store, made[0].facts.uid, now=now)
    for letter, words in zip(made, expected(language), strict=True):
        with Carrier(office.mail) as carrier:
            carrier.send(post.compose(office, letter))
        yield words


def whole(
    store: Store,
    office: PostOffice,
    address: str,
    *,
    reply_url: str,
    fetch: Fetch,
    now: datetime,
) -> Iterator[Check]:
    """The whole test at a terminal, one finding after the other. Raises Invalid."""
    language = "en"
    yield from examine(
        store, office.mail, office.links, reply_url=reply_url, fetch=fetch, language=language
    )
    if reply_url:
        yield _opens(reply_url, language)
    try:
        for words in carry(store, office, address, now=now):
            yield Check("letter", True, words)
    except TransportError as error:
        yield Check("letter", False, error.message)


def _opens(reply_url: str, language: str) -> Check:
    """Whether the mailbox of answers lets us in just now; nothing in it is touched."""
    words = catalogue(language)
    what = words.gettext("Answers")
    try:
        with mailbox.opened(reply_url):
            return Check(what, True, words.gettext("The mailbox can be read."))
    except MailboxError as error:
        return Check(what, False, f"{trouble(error.problem, language)} {error.detail}".strip())


def stranger(client: Any, base: str) -> Fetch:
    """How somebody without any cookie fetches from this very site; `client` is a test client."""

    def fetch(path: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        response = client.get(path, headers=dict(headers), base_url=base)
        return response.status_code, dict(response.headers), response.get_data()

    return fetch


def letters(
    store: Store,
    address: str,
    *,
    language: str,
    now: datetime,
    identity: Identity,
    gap: timedelta,
) -> tuple[Letter, Letter, Letter]:
    """An invite, a later time for it, and its end: one entry, three letters."""
    email = text.address(address)
    own = events.organisation(store)
    morning = dates.to_local(now + timedelta(days=3), own.zone).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    start = dates.to_instant(morning, own.zone)
    facts = Facts(
        organisation=own.name,
        title=Text(
            de="Test des Kalenders – bitte nicht beachten", en="Calendar test – please ignore"
        ),
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        zone=own.zone,
        place=Place(name="Test"),
        contact_email=own.email,
        uid=identity.uid(),
        invited_at=now,
        state=State.CONFIRMED,
    )
    later = dataclasses.replace(
        facts,
        starts_at=start + timedelta(hours=4),
        ends_at=start + timedelta(hours=5),
        before_starts_at=facts.starts_at,
        before_ends_at=facts.ends_at,
    )
    ended = dataclasses.replace(later, state=State.CANCELLED, cancelled_by=CancelledBy.ORGANISER)
    first = Letter(
        id=0,
        kind=LetterKind.CONFIRMED,
        state=LetterState.QUEUED,
        language=language,
        name=email.partition("@")[0],
        email=email,
        message_id=identity.message_id(),
        facts=facts,
        created_at=now,
        method=Method.REQUEST,
        sequence=0,
    )

    def after(steps: int, kind: LetterKind, told: Facts, method: Method) -> Letter:
        return dataclasses.replace(
            first,
            kind=kind,
            facts=told,
            method=method,
            sequence=steps,
            created_at=now + gap * steps,
            message_id=identity.message_id(),
        )

    return (
        first,
        after(1, LetterKind.CHANGED, later, Method.REQUEST),
        after(2, LetterKind.CANCELLED, ended, Method.CANCEL),
    )


def expected(language: str) -> tuple[str, str, str]:
    """What each letter should do in a calendar program, in words."""
    words = catalogue(language)
    return (
        words.gettext(
            "Invite: a meeting in three days, 10–11 o’clock. Gmail, Outlook and Apple show it with "
            "“Yes / Maybe / No” above the mail; Thunderbird shows a bar with “Accept”. Accept it."
        ),
        words.gettext(
            "Update: the same entry moves to 14–15 o’clock. There must be one entry, not two. "
            "Outlook and Apple move it by themselves, Thunderbird asks with “Update”."
        ),
        words.gettext(
            "Cancellation: the entry disappears or is struck out. Outlook shows “Remove from "
            "calendar”, Thunderbird “Delete”."
        ),
    )


def examine(
    store: Store,
    mail: Mail,
    links: Links,
    *,
    reply_url: str,
    fetch: Fetch,
    language: str,
) -> list[Check]:
    """Look at what decides whether calendar programs believe us; nothing is sent."""
    return [
        _sender(mail, links, language),
        _way_out(mail, language),
        _base(links, language),
        _replies(store, mail, reply_url, language),
        *_feed(fetch, language),
    ]


def _sender(mail: Mail, links: Links, language: str) -> Check:
    words = catalogue(language)
    what = words.gettext("Sender")
    domain, host = mail.sender.rpartition("@")[2], urlsplit(links.base).hostname or ""
    if domain.rpartition(".")[2] in _NOWHERE:
        told = words.gettext("%(address)s is no mailbox that exists: set EVENTKIT_MAIL_FROM.")
        return Check(what, False, told % {"address": mail.sender})
    if not (host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}")):
        told = words.gettext(
            "Letters come from %(domain)s, the site is %(host)s. That works if SPF and DKIM are "
            "set for %(domain)s."
        )
        return Check(what, None, told % {"domain": domain, "host": host})
    told = words.gettext(
        "%(address)s, in the domain of the site. Ask whoever runs your mail for SPF and DKIM."
    )
    return Check(what, True, told % {"address": mail.sender})


def _way_out(mail: Mail, language: str) -> Check:
    words = catalogue(language)
    what = words.gettext("Way out")
    if mail.kind == "folder":
        told = words.gettext("Letters are laid into a folder; nothing leaves this machine.")
        return Check(what, None, told)
    try:
        transport.probe(mail, timeout=10)
    except TransportError as error:
        return Check(what, False, error.message)
    return Check(what, True, words.gettext("The mail server answers and takes our login."))


def _base(links: Links, language: str) -> Check:
    words = catalogue(language)
    what = words.gettext("Address of the site")
    if links.base.startswith("https://"):
        return Check(what, True, links.base)
    told = words.gettext("%(address)s is not https: Outlook on the web refuses such feeds.")
    return Check(what, None, told % {"address": links.base})


def _replies(store: Store, mail: Mail, reply_url: str, language: str) -> Check:
    words = catalogue(language)
    what = words.gettext("Answers")
    if not reply_url:
        told = words.gettext("No mailbox is set for answers; invites ask for none.")
        return Check(what, None, told)
    state = answers.mailbox(store, mailbox.named(reply_url))
    if state.problem:
        return Check(what, False, trouble(state.problem, language))
    user = unquote(urlsplit(reply_url).username or mail.sender)
    if "@" in user and text.address_key(user) != text.address_key(mail.sender):
        told = words.gettext(
            "The mailbox belongs to %(user)s, letters come from %(sender)s: answers must be "
            "forwarded there."
        )
        return Check(what, None, told % {"user": user, "sender": mail.sender})
    if state.good_at is None:
        return Check(what, None, words.gettext("The mailbox was not read yet: is the worker on?"))
    return Check(what, True, words.gettext("The mailbox can be read."))


def trouble(problem: str, language: str) -> str:
    """Why a mailbox can't be read, as one sentence without any secret."""
    words = catalogue(language)
    return {
        "login": words.gettext("The mailbox refuses the user name or the password."),
        "certificate": words.gettext("The certificate of the mailbox can’t be trusted."),
        "unreachable": words.gettext("The server of the mailbox can’t be reached."),
        "folder": words.gettext("The folder of the mailbox is not there or can’t be read."),
        "protocol": words.gettext("The server of the mailbox answers strangely."),
    }.get(problem, problem)


def _feed(fetch: Fetch, language: str) -> list[Check]:
    """The public feed as a calendar program without a past sees it."""
    words = catalogue(language)
    what = words.gettext("Feed")
    status, headers, body = fetch("/calendar.ics", {})
    etag = headers.get("ETag", "")
    good = status == 200 and body.startswith(b"BEGIN:VCALENDAR") and bool(etag)
    first = words.gettext("A stranger gets the calendar (%(size)s octets) with an ETag.")
    broken = words.gettext("A stranger gets no calendar: status %(status)s.")
    told = first if good else broken
    found = [Check(what, good, told % {"size": len(body), "status": status})]
    again, _, nothing = fetch("/calendar.ics", {"If-None-Match": etag})
    same = again == 304 and not nothing
    told = words.gettext("Asked again, it answers “nothing new” (304) without a body.")
    if not same:
        told = words.gettext("Asked again with the ETag, it answers %(status)s instead of 304.")
    found.append(Check(what, same, told % {"status": again}))
    cookie = "Set-Cookie" in headers
    told = words.gettext("It sets no cookie.") if not cookie else words.gettext("It sets a cookie.")
    return [*found, Check(what, not cookie, told)]
