"""A setting that is no address stops the start with one sentence that names it."""

import pytest

from eventkit.config import load_settings
from eventkit.errors import WrongSetting

KEY = {"EVENTKIT_SECRET_KEY": "a key only tests use", "EVENTKIT_MAIL_FROM": "a@example.org"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVENTKIT_BASE_URL", "https://["),
        ("EVENTKIT_BASE_URL", "https://events.example.org:99999"),
        ("EVENTKIT_BASE_URL", "https://events.example.org:x"),
        ("EVENTKIT_BASE_URL", "https://events.example.org:0"),
        ("EVENTKIT_MAIL_URL", "smtp://["),
        ("EVENTKIT_MAIL_URL", "smtp://mail.example.org:99999"),
        ("EVENTKIT_REPLY_URL", "imaps://["),
        ("EVENTKIT_REPLY_URL", "imaps://events:pw@mail.example.org:99999/INBOX"),
    ],
)
def test_an_address_that_is_none_is_named(name, value) -> None:
    with pytest.raises(WrongSetting, match=name):
        load_settings({**KEY, name: value})
