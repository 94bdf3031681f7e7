"""Several people of one organisation in one form: whether they can be taken as typed."""

from collections.abc import Sequence

from eventkit.actions import wishes
from eventkit.actions.wishes import Wish
from eventkit.errors import Invalid
from eventkit.model.event import Event
from eventkit.rules import text, ways
from eventkit.store import quotas
from eventkit.store.rows import Store, fold


def checked(party: Sequence[Wish]) -> list[Wish]:
    """Everybody's wish, cleaned, each address once.

    Raises Invalid; what is wrong with somebody besides the first stands at the field "party".
    """
    first, *others = party
    found = [wishes.checked(first)]
    for other in others:
        try:
            found.append(wishes.checked(other))
        except Invalid as error:
            raise Invalid(error.code, field="party") from None
    if len({text.address_key(wish.email) for wish in found}) < len(found):
        raise Invalid("party_twice", field="party")
    return found


def check_size(store: Store, event: Event, party: Sequence[Wish]) -> None:
    """Refuse more people than one form takes, or than the organisation has places left for.

    Where there is a waiting list, those too many wait on it. Raises Invalid `party_too_large`,
    `party_invited`, `organisation_left` (field "party").
    """
    if len(party) == 1:
        return
    if len(party) > event.party_size:
        raise Invalid("party_too_large", field="party")
    if any(wish.invitation for wish in party):
        raise Invalid("party_invited", field="party")
    name = fold(party[0].organisation)
    if not name or event.waiting_list:
        return
    left = left_for(store, event, party[0].organisation)
    if left is not None and sum(wish.places for wish in party) > left:
        raise Invalid("organisation_left", field="party")


def left_for(store: Store, event: Event, organisation: str) -> int | None:
    """How many places an organisation still has; None where nothing limits it."""
    name = fold(organisation)
    if not name or event.per_organisation is None:
        return None
    return ways.left(event.per_organisation, quotas.of_organisations(store, event.id).get(name, 0))
