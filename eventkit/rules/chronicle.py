"""What history tells of, in a few kinds that one can ask for."""

from enum import StrEnum


class Told(StrEnum):
    """A kind of lines of history."""

    PEOPLE = "people"
    PLACES = "places"
    ANSWERS = "answers"
    LETTERS = "letters"
    CALENDAR = "calendar"
    PROGRAMME = "programme"
    FEES = "fees"
    SETTINGS = "settings"


_VERBS: dict[Told, str] = {
    Told.PEOPLE: """registered cancelled approved refused attended not_attended deleted anonymised
        attendees_imported import_undone invited invitations_reminded invitation_declined
        invitation_revoked""",
    Told.PLACES: """seat_given offered accepted workshop_given workshop_freed workshops_changed
        companions_changed group_changed limits_changed quota_saved quota_removed group_saved
        group_removed""",
    Told.ANSWERS: """corrected answers_changed consent_given consent_withdrawn photo_consent
        marks_changed""",
    Told.LETTERS: """letter_retried letter_returned letter_tested address_corrected
        wording_saved wording_restored reminder_added reminder_sent message_drafted
        message_scheduled message_sent mailing_paused mailing_resumed mailing_stopped
        mailing_retried mailing_removed""",
    Told.CALENDAR: """answered calendars_sent_again decline_rule feed_renewed reply_settled
        calendar_tested speaker_feed_opened speaker_feed_closed""",
    Told.PROGRAMME: """programme_edited programme_published imported room_saved room_removed
        item_saved item_removed material_added material_changed material_released
        materials_released material_withheld material_removed person_saved
        speaker_asked speaker_reminded speaker_confirmed speaker_declined speaker_open
        speaker_available speaker_wish speaker_photo speaker_profile speaker_removed
        speaker_link_opened speaker_link_renewed speaker_link_closed""",
    Told.FEES: """invoice_issued invoice_cancelled invoice_paid invoice_unpaid payment_reminded
        price_saved price_moved price_removed account_changed""",
}
_KINDS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}


def kind(verb: str) -> Told:
    """What a line of history is about; all that has no kind of its own are settings."""
    return _KINDS.get(verb, Told.SETTINGS)


def verbs(of: Told) -> frozenset[str]:
    """The verbs of a kind; none for the settings, which are all the others."""
    return frozenset(verb for verb, kind in _KINDS.items() if kind is of)


def known() -> frozenset[str]:
    """The verbs of every kind but the settings."""
    return frozenset(_KINDS)
