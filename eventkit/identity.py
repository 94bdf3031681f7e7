"""Where identity comes from: random names, personal tokens, message ids.

Handed down from the doors like the clock, so that a test can know what comes out.
"""

import secrets
import uuid
from dataclasses import dataclass, field

from eventkit import links


@dataclass(frozen=True)
class Identity:
    """The source of everything unguessable.

    `secret_key` derives tokens from their nonce; `domain` is that of the sender address
    and stands in message ids (never in calendar UIDs, RFC 7986 5.3).
    """

    secret_key: bytes = field(repr=False)
    domain: str = "localhost.localdomain"

    def uid(self) -> str:
        """A calendar identity that names no host, person or number."""
        return str(uuid.uuid4())

    def nonce(self) -> bytes:
        """128 random bits that a token is derived from."""
        return secrets.token_bytes(16)

    def public_id(self) -> str:
        """A short unguessable name for an address (72 bits)."""
        return secrets.token_urlsafe(9)

    def letters(self, alphabet: str, number: int) -> str:
        """Random letters of an alphabet, for what people read aloud."""
        return "".join(secrets.choice(alphabet) for _ in range(number))

    def message_id(self) -> str:
        """A Message-ID of our own domain (RFC 5322 3.6.4)."""
        return f"<{uuid.uuid4()}@{self.domain}>"

    def session(self) -> str:
        """A cookie value with 256 random bits."""
        return secrets.token_urlsafe(32)

    def token(self, purpose: str, nonce: bytes) -> str:
        """The personal token of one purpose and nonce."""
        return links.token(self.secret_key, purpose, nonce)
