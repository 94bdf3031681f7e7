"""The library: questions that many meetings ask, ready in both languages."""

from eventkit.model.question import Kind, Option, Question
from eventkit.model.text import NOTHING, Text


def _ready(
    key: str,
    kind: Kind,
    label: Text,
    purpose: Text,
    *,
    hint: Text = NOTHING,
    options: tuple[tuple[str, str, str], ...] = (),
    sensitive: bool = False,
    days: int | None = None,
    highest: int | None = None,
) -> Question:
    return Question(
        id=0,
        event_id=0,
        key=key,
        kind=kind,
        label=label,
        help=hint,
        purpose=purpose,
        options=tuple(Option(name, Text(de, en)) for name, de, en in options),
        sensitive=sensitive,
        delete_after_days=days,
        lowest=0 if kind is Kind.NUMBER else None,
        highest=highest,
    )


_ALL = (
    _ready(
        "childcare",
        Kind.NUMBER,
        Text("Wie viele Kinder sollen wir betreuen?", "How many children shall we look after?"),
        Text(
            "Damit genug Menschen und Platz da sind.", "So that there are enough people and room."
        ),
        hint=Text(
            "Die Betreuung ist kostenlos. 0 oder leer, wenn Sie keine brauchen.",
            "Childcare is free. 0 or empty if you need none.",
        ),
        days=14,
        highest=10,
    ),
    _ready(
        "interpreting",
        Kind.SEVERAL,
        Text("Brauchen Sie eine Übersetzung?", "Do you need interpreting?"),
        Text(
            "Damit wir Dolmetscher*innen rechtzeitig bestellen.",
            "So that we book interpreters in time.",
        ),
        options=(
            ("sign", "Deutsche Gebärdensprache", "German sign language"),
            ("captions", "Schriftdolmetschen", "Live captions"),
            ("easy", "Leichte Sprache", "Easy language"),
            ("english", "Englisch", "English"),
        ),
        sensitive=True,
    ),
    _ready(
        "train",
        Kind.YES_NO,
        Text("Kommen Sie mit der Bahn?", "Do you come by train?"),
        Text(
            "Für Veranstaltungstickets und den Weg vom Bahnhof.",
            "For event tickets and the way from the station.",
        ),
        days=30,
    ),
    _ready(
        "arrival",
        Kind.CHOICE,
        Text("Wann kommen Sie an?", "When do you arrive?"),
        Text("Damit jemand zum Empfang da ist.", "So that somebody is there to welcome you."),
        options=(
            ("before", "Am Tag davor", "The day before"),
            ("begin", "Zum Beginn", "At the beginning"),
            ("later", "Später", "Later"),
        ),
        days=14,
    ),
    _ready(
        "heard",
        Kind.CHOICE,
        Text("Wie haben Sie von uns erfahren?", "How did you hear of us?"),
        Text("Damit wir dort einladen, wo es ankommt.", "So that we invite where people read it."),
        options=(
            ("newsletter", "Newsletter", "Newsletter"),
            ("colleagues", "Kolleg*innen oder Freund*innen", "Colleagues or friends"),
            ("social", "Soziale Medien", "Social media"),
            ("press", "Presse", "Press"),
            ("other", "Anders", "Another way"),
        ),
    ),
    _ready(
        "interests",
        Kind.SEVERAL,
        Text("Welche Themen interessieren Sie?", "Which topics interest you?"),
        Text("Für das Programm dieses Treffens.", "For the programme of this meeting."),
        hint=Text(
            "Passen Sie die Antworten an Ihr Treffen an.", "Adapt the answers to your meeting."
        ),
        options=(
            ("practice", "Berichte aus der Praxis", "Reports from practice"),
            ("research", "Forschung", "Research"),
            ("funding", "Förderung und Geld", "Funding and money"),
            ("network", "Menschen kennenlernen", "Meeting people"),
        ),
    ),
    _ready(
        "member_number",
        Kind.SHORT,
        Text("Ihre Mitgliedsnummer", "Your member number"),
        Text(
            "Damit wir Ihre Mitgliedschaft prüfen können.", "So that we can check your membership."
        ),
        hint=Text("Leer, wenn Sie kein Mitglied sind.", "Empty if you are not a member."),
    ),
    _ready(
        "photo_wishes",
        Kind.CHOICE,
        Text("Dürfen wir Sie fotografieren?", "May we take photos of you?"),
        Text(
            "Damit die Fotograf*innen Ihren Wunsch kennen.",
            "So that the photographers know your wish.",
        ),
        options=(
            ("yes", "Ja", "Yes"),
            ("group", "Nur in der Gruppe", "Only in a group"),
            ("no", "Nein", "No"),
        ),
    ),
    _ready(
        "post",
        Kind.ADDRESS,
        Text("Ihre Postanschrift", "Your postal address"),
        Text("Um Ihnen Unterlagen zu schicken.", "To send you papers."),
        days=30,
    ),
    _ready(
        "companion",
        Kind.COMPANION,
        Text("Wer begleitet Sie?", "Who comes with you?"),
        Text(
            "Jede Begleitung bekommt einen Platz und ein Namensschild.",
            "Everybody who comes along gets a place and a name sign.",
        ),
    ),
    _ready(
        "proof",
        Kind.FILE,
        Text("Ihr Nachweis für die Ermäßigung", "Your proof for the reduced price"),
        Text("Nur um die Ermäßigung zu prüfen.", "Only to check the reduction."),
        hint=Text("Ein PDF oder ein Foto, bis 10 MB.", "A PDF or a photo, up to 10 MB."),
        days=14,
    ),
    _ready(
        "note",
        Kind.LONG,
        Text("Was möchten Sie uns noch sagen?", "What else would you like to tell us?"),
        Text("Um dieses Treffen vorzubereiten.", "To prepare this meeting."),
    ),
)
READY = {question.key: question for question in _ALL}
"""The library by name, in the order it is offered."""
