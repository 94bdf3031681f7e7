"""What an organiser is told when something was refused: what happened and what to do."""

from eventkit.web.language import gettext as _


def sentence(code: str) -> str:
    """A refusal's code as a sentence."""
    rooms = (_of_fees, _of_text, _of_time, _of_files, _of_accounts)
    found = next((words for room in rooms if (words := room(code))), "")
    return found or _("This could not be accepted. Please look at it again.")


def _of_text(code: str) -> str:
    return {
        "required": _("Please fill this in."),
        "too_long": _("This is too long. Please shorten it."),
        "number": _("This number can't be right. Please look at it again."),
        "no_groups": _("Please choose at least one group."),
        "unknown_group": _("This group does not exist any more."),
        "group_full": _("There is no room for this person's place in that group."),
        "already": _("Somebody with this address is registered already."),
        "code_short": _("A code has at least six letters or digits, so that nobody guesses it."),
        "code_taken": _("This meeting has this code already."),
        "too_many_guests": _("A list has at most 2,000 people. Please make two of it."),
        "no_inviting": _(
            "Nobody can be invited now: the meeting has to be announced, with a registration "
            "that is open or will be."
        ),
        "slug": _("Please use letters, digits and hyphens."),
        "slug_taken": _("This address is or was another page's. Please choose another one."),
        "address": _("This is not a mail address. Please check it."),
        "web_address": _("This is not a web address. It begins with https:// or http://."),
        "name_with_address": _("A name without a web or mail address, please."),
        "empty": _("There is nothing in it yet."),
        "unseen": _(
            "The draft has changed since you looked at it. Nothing was published; "
            "this is how it stands now."
        ),
        "not_announced": _("Only an announced meeting that is not over can be called off."),
        "not_over": _("Only an announced meeting that is over can be archived."),
        "over": _("The meeting is over. Nothing was changed."),
        "century": _("Please choose a day of this century."),
        "name_twice": _("Several people have this name. Please choose one on the item's own page."),
        "address_other": _(
            "This person has another mail address already. Please write the name alone, or change "
            "the address on the person's page first."
        ),
    }.get(code, "") or _of_drafts(code)


def _of_fees(code: str) -> str:
    return {
        "amount": _("This is no amount in euro, such as 25,00 or 25.00, below one million."),
        "iban": _("This is no IBAN of the euro payments area. Please compare it sign by sign."),
        "bic": _("A BIC has 8 or 11 signs. It may stay empty."),
        "no_account": _(
            "An amount needs an account it is paid to. Please enter the account first: "
            "Organisation, Account for fees."
        ),
        "price_unknown": _("This price is not offered any more."),
        "paid_later": _("This day has not come yet."),
        "paid_before": _("This is before the day of one of these invoices."),
        "settled": _("Meanwhile this invoice was paid, cancelled or settled. Nothing was changed."),
    }.get(code, "")


def _of_drafts(code: str) -> str:
    return {
        "nothing": _("There is nothing to do."),
        "nothing_after": _("Nothing comes after it on this day."),
        "too_short": _("An item takes at least five minutes. Nothing was changed."),
        "too_long_a_time": _("An item takes at most two weeks. Nothing was changed."),
        "too_many_items": _("A programme has at most 1,000 items. Nothing was added."),
        "changed_meanwhile": _(
            "Meanwhile this was changed by somebody else. It stands here as it is now; "
            "nothing was overwritten. Please look and try again."
        ),
        "gone_meanwhile": _("Meanwhile this item was taken out. Nothing was done."),
        "other_step": _(
            "Meanwhile something else was done. Nothing was undone: the button says now what "
            "it would undo."
        ),
    }.get(code, "")


def _of_time(code: str) -> str:
    return {
        "end_before_start": _("The end lies before the beginning."),
        "doors_after_start": _("The doors open after the beginning."),
        "zone": _("This time zone is not known."),
        "no_such_time": _(
            "This time does not exist: the clocks are put forward that night. "
            "Please choose another one."
        ),
        "time_twice": _(
            "This time happens twice: the clocks are put back that night. "
            "Please choose another one."
        ),
    }.get(code, "")


def _of_files(code: str) -> str:
    return {
        "kind": _("This kind of file is not taken. Please choose another file."),
        "too_big": _("This file is too big. Please choose a smaller one."),
        "broken": _("This file can't be read. Perhaps it is damaged or protected."),
        "active": _("This file contains scripts or macros. Please save it without them."),
        "bomb": _("This file unpacks beyond reason. Please choose another file."),
        "too_many_pixels": _("This picture is larger than 40 megapixels."),
    }.get(code, "")


def _of_accounts(code: str) -> str:
    return {
        "login": _("Address and password don't fit together."),
        "taken": _("There is an account with this address already."),
        "password": _("A password has at least 10 characters."),
    }.get(code, "")
