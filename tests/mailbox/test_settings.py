"""The address of the mailbox: what is no address stops the start with one sentence."""

import pytest

from eventkit.config import load_settings
from eventkit.errors import WrongSetting

KEY = {"EVENTKIT_SECRET_KEY": "a key only tests use"}


@pytest.mark.parametrize(
    "url",
    [
        "imaps://events%40example.org:p%2Fw@mail.example.org/INBOX",
        "imaps://events:pw@mail.example.org:1993/Antworten",
        "folder:/var/mail/answers",
        "",
    ],
)
def test_a_mailbox_is_taken_as_it_is(url) -> None:
    assert load_settings({**KEY, "EVENTKIT_REPLY_URL": url}).reply_url == url


@pytest.mark.parametrize(
    "url",
    [
        "imap://events:pw@mail.example.org/INBOX",
        "imaps://mail.example.org/INBOX",
        "imaps://events@mail.example.org/INBOX",
        "imaps://events:pw@mail.example.org:port/INBOX",
        "imaps://events:pw@/INBOX",
        "folder:",
        "mail.example.org",
    ],
)
def test_what_is_no_mailbox_is_named_without_the_password(url) -> None:
    with pytest.raises(WrongSetting, match="EVENTKIT_REPLY_URL") as refused:
        load_settings({**KEY, "EVENTKIT_REPLY_URL": url})
    assert ":pw@" not in str(refused.value)
