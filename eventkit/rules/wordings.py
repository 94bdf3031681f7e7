"""Which letters an organisation may word itself, and which words a letter takes."""

from collections.abc import Iterable

from eventkit.model.letter import Facts, LetterKind
from eventkit.model.registration import CancelledBy
from eventkit.model.wording import Wording

BY_US = "cancelled_by_us"
LONGEST_SUBJECT = 200
LONGEST_BODY = 8000

# The letters about security (the link again, registered already) keep their words.
KINDS = (
    LetterKind.CONFIRMED.value,
    LetterKind.WAITING.value,
    LetterKind.REQUESTED.value,
    LetterKind.REFUSED.value,
    LetterKind.OFFERED.value,
    LetterKind.LAPSED.value,
    LetterKind.MOVED_UP.value,
    LetterKind.WORKSHOP.value,
    LetterKind.CHOSEN.value,
    LetterKind.CANCELLED.value,
    BY_US,
    LetterKind.CHANGED.value,
    LetterKind.CALLED_OFF.value,
    LetterKind.DECLINED.value,
    LetterKind.REMINDER.value,
    LetterKind.INVOICE.value,
    LetterKind.PAYMENT_REMINDER.value,
    LetterKind.RECEIPT.value,
    LetterKind.INVITATION.value,
    LetterKind.INVITATION_REMINDER.value,
)


def key(kind: LetterKind, facts: Facts) -> str:
    """Under which name a letter's words are kept; "" for a letter that keeps its own."""
    if kind is LetterKind.CANCELLED and facts.cancelled_by is CancelledBy.ORGANISER:
        return BY_US
    return kind.value if kind.value in KINDS else ""


def chosen(wordings: Iterable[Wording], language: str) -> tuple[str, str]:
    """Subject and body for a language; "" where the standard text is to be used.

    `wordings` are those of one kind, the meeting's before the organisation's.
    """
    subject = body = ""
    for wording in wordings:
        english = language == "en"
        subject = subject or (wording.subject.en if english else wording.subject.de)
        body = body or (wording.body.en if english else wording.body.de)
    return subject, body
