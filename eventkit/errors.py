"""What can be refused, and what can be wrong. Everything else is a surprise."""


class WrongSetting(Exception):
    """A setting is missing or unusable; the message is one sentence that names it."""


class Unavailable(Exception):
    """The database or its folder can't be written just now (full, read-only, missing)."""


class PressBusy(Exception):
    """As many PDFs as the machine allows are being printed; try again in a few seconds."""


class PressFailed(Exception):
    """A PDF could not be printed: a limit was reached or the printing process broke."""


class SchemaTooNew(Exception):
    """The database was written by a newer eventkit; this one must not touch it."""


class Refused(Exception):
    """A request that is understood and kindly declined.

    `code` is a stable word that the door turns into a sentence in the reader's
    language; `field` names the form field it belongs to, if any.
    """

    code = "refused"

    def __init__(self, code: str | None = None, *, field: str | None = None) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.field = field


class RegistrationClosed(Refused):
    """Registration is not possible now; `code` says why (not_yet, closed, over, cancelled)."""

    code = "closed"


class Full(Refused):
    """No seat is left and there is no waiting list."""

    code = "full"


class Invalid(Refused):
    """A value can't be accepted; `field` says which, `code` says why."""

    code = "invalid"


class NotFound(Refused):
    """Nothing is there, or nothing this visitor may know of."""

    code = "not_found"


class TooMany(Refused):
    """Too many attempts in too short a time."""

    code = "too_many"
