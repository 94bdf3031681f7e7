"""Every sentence that a page, a letter or a PDF can say exists in German."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from tests.house.source import PACKAGE, files, modules

OTHER_WORD = re.compile(r"msgstr.*\b(Brief(e|en|s)?|(?<!-)Mails?(?!-))\b")
MARKED = re.compile(r"(_|_l|gettext)\s*\(")  # a quick look before a slow one
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}
JINJA = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}
Sentence = tuple[str, str]  # context, English text


def said(paths: list[Path]) -> dict[Sentence, str]:
    """Every sentence marked for translation, and where it stands."""
    found: dict[Sentence, str] = {}
    for path in paths:
        python = path.suffix == ".py"
        if python and not MARKED.search(path.read_text()):
            continue
        for line, message, _, context in extract_from_file(
            "python" if python else "jinja2",
            path,
            keywords=KEYWORDS,
            options=None if python else JINJA,
        ):
            text = message[0] if isinstance(message, tuple) else message
            if text:
                found[context or "", text] = f"{path.name}:{line}"
    return found


def translated(paths: list[Path]) -> tuple[set[Sentence], list[str]]:
    """The sentences that have a translation, and what is wrong with the catalogues."""
    done: set[Sentence] = set()
    wrong = []
    for path in paths:
        for message in read_po(BytesIO(path.read_bytes()), locale="de", abort_invalid=True):
            if not message.id:
                continue
            text = message.id[0] if isinstance(message.id, tuple | list) else message.id
            whole = message.string if isinstance(message.string, tuple | list) else [message.string]
            if message.fuzzy:
                wrong.append(f"{path.name}: fuzzy: {text!r}")
            elif not all(whole):
                wrong.append(f"{path.name}: empty: {text!r}")
            else:
                done.add((message.context or "", text))
            wrong += [f"{path.name}: {text!r}: {error}" for error in message.check()]
    return done, wrong


def catalogues() -> list[Path]:
    return sorted((PACKAGE / "translations" / "de").glob("**/*.po"))


def test_every_sentence_exists_in_german():
    """R64"""
    sentences = said(modules() + files("templates/**/*.html", "templates/**/*.j2"))
    done, _ = translated(catalogues())
    missing = [
        f"{where} {text!r}" for (c, text), where in sentences.items() if (c, text) not in done
    ]
    assert not missing, f"{len(missing)} without German:\n" + "\n".join(missing)


def test_every_translation_is_finished_and_keeps_its_placeholders():
    _, wrong = translated(catalogues())
    assert not wrong, "\n".join(wrong)


def test_a_letter_is_called_an_e_mail_in_german():
    """One word for one thing: people know e-mails; a "Brief" comes by post."""
    found = [
        f"{path.name}: {line}"
        for path in catalogues()
        for line in path.read_text().splitlines()
        if OTHER_WORD.match(line)
    ]
    assert not found, "\n".join(found)
    assert OTHER_WORD.match('msgstr[1] "Drei Briefe sind unterwegs."')
    assert not OTHER_WORD.match('msgstr "Die Briefwahl"')


def test_these_rules_can_fail(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("{{ _('Seats') }}{% trans %}Hello{% endtrans %}{{ pgettext('day', 'Mon') }}")
    module = tmp_path / "words.py"
    module.write_text("_('Door'); ngettext('%(num)s seat', '%(num)s seats', 2)")
    assert set(said([page, module])) == {
        ("", "Seats"),
        ("", "Hello"),
        ("day", "Mon"),
        ("", "Door"),
        ("", "%(num)s seat"),
    }
    catalogue = tmp_path / "de.po"
    catalogue.write_text(
        'msgid "Seats"\nmsgstr "Plätze"\n\n#, fuzzy\nmsgid "Door"\nmsgstr "Tor"\n\n'
        'msgid "Hello"\nmsgstr ""\n\n#, python-format\nmsgid "%(n)s left"\nmsgstr "noch %(m)s"\n'
    )
    done, wrong = translated([catalogue])
    assert ("", "Seats") in done
    assert ("", "Door") not in done
    assert ("", "Hello") not in done
    assert len(wrong) == 3
