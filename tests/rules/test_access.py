"""When a download opens."""

from datetime import UTC, datetime, timedelta

import pytest

from eventkit.model.material import Material, Release
from eventkit.model.text import Text
from eventkit.rules import access

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def material(release: Release, *, released_at=None, ends_at=None) -> Material:
    return Material(1, "x", 1, None, Text(), "de", "", release, released_at, "", None, ends_at)


@pytest.mark.parametrize(
    ("found", "stranger", "guest"),
    [
        (material(Release.NOW), True, True),
        (material(Release.REGISTERED), False, True),
        (material(Release.MANUAL), False, False),
        (material(Release.MANUAL, released_at=NOW), True, True),
        (material(Release.MANUAL, released_at=NOW + SECOND), False, False),
        (material(Release.AFTER_ITEM), False, False),
        (material(Release.AFTER_ITEM, ends_at=NOW), True, True),
        (material(Release.AFTER_ITEM, ends_at=NOW + SECOND), False, False),
    ],
)
def test_the_release_rule_decides_to_the_second(found, stranger, guest) -> None:
    assert access.released(found, NOW) is stranger
    assert access.released(found, NOW, registered=True) is guest
