"""The seal of a form: when it was handed out, so that programs that only post weigh more (R40).

Nobody is refused for it: people who fill in by a password manager are quick, and a program
that waits is let through. A try without a seal, or quicker than any person, counts several times
against the limit of its network.
"""

from hashlib import sha256

from itsdangerous import BadSignature, Signer

from eventkit.web.site import now, site

QUICKEST = 2  # seconds in which somebody may read and send a form
LIGHT, HEAVY = 1, 3


def fresh() -> str:
    """A new name for one filling of a form, sealed with the present second (UTC)."""
    return _signer().sign(f"{site().identity.public_id()}.{int(now().timestamp())}").decode()


def weight(attempt: str) -> int:
    """How much a try counts against the limit of its network."""
    try:
        made = int(_signer().unsign(attempt).decode().rpartition(".")[2])
    except (BadSignature, ValueError):
        return HEAVY
    return LIGHT if now().timestamp() - made >= QUICKEST else HEAVY


def _signer() -> Signer:
    return Signer(site().settings.secret_key, salt="form", digest_method=sha256)
