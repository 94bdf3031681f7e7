"""Codes and invitations: what a code reads like, where an invitation stands, who is reminded."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from eventkit.errors import Invalid
from eventkit.model.letter import LetterState
from eventkit.model.registration import State
from eventkit.model.ways import Code, Invitation, Standing
from eventkit.rules import text

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0 and O, 1 and I: a code is read aloud and typed off paper."""
BETWEEN_REMINDERS = timedelta(days=3)
SHORTEST, LONGEST = 6, 40


def code_key(code: str) -> str:
    """What makes two typed codes the same: letters and digits alone, without case."""
    return re.sub(r"[\W_]+", "", text.clean(code).casefold())


def checked_code(code: str) -> str:
    """A code as an organiser typed it, cleaned.

    Raises Invalid `code_short` below six letters or digits (it could be guessed), `too_long`.
    """
    cleaned = text.clean(code)
    if len(code_key(cleaned)) < SHORTEST:
        raise Invalid("code_short", field="code")
    if len(cleaned) > LONGEST:
        raise Invalid("too_long", field="code")
    return cleaned


def refused(code: Code | None, now: datetime) -> str:
    """Why a code opens nothing now, as the word of a refusal; "" if it does."""
    if code is None or code.ended_at is not None:
        return "code_unknown"
    if code.valid_until is not None and now >= code.valid_until:
        return "code_over"
    if code.uses is not None and code.used >= code.uses:
        return "code_used"
    return ""


def standing(invitation: Invitation) -> Standing:
    """Where an invitation stands."""
    if invitation.registration_id is not None and invitation.state is not None:
        return Standing.LEFT if invitation.state is State.CANCELLED else Standing.ACCEPTED
    if invitation.revoked_at is not None:
        return Standing.REVOKED
    if invitation.declined_at is not None:
        return Standing.DECLINED
    if invitation.letter is LetterState.FAILED:
        return Standing.FAILED
    if invitation.letter in (LetterState.QUEUED, LetterState.SENDING):
        return Standing.WAITING
    return Standing.SENT


def may_remind(invitation: Invitation, now: datetime) -> bool:
    """Whether a reminder may be written: no answer yet, and three days since the last letter."""
    last = invitation.reminded_at or invitation.sent_at
    silent = standing(invitation) is Standing.SENT
    return silent and last is not None and now - last >= BETWEEN_REMINDERS


def opens(invitation: Invitation) -> bool:
    """Whether one may register by it: it stands, and no registration of it does."""
    return standing(invitation) not in (Standing.REVOKED, Standing.ACCEPTED)


def left(limit: int | None, taken: int) -> int | None:
    """How many of one organisation may still come; None without a limit."""
    return None if limit is None else max(0, limit - taken)


def proposal(letters: Collection[str]) -> str:
    """Eight letters as a code that is easy to read: in two groups of four."""
    word = "".join(letters)
    return f"{word[:4]}-{word[4:]}"
