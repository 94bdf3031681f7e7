"""Words that people read, kept once per language."""

from dataclasses import dataclass

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in each language the site speaks; an empty string where it was not written."""

    de: str = ""
    en: str = ""

    def pick(self, language: str) -> tuple[str, str]:
        """The words for a reader and the language they are really in.

        Falls back to the other language, so that a title is never empty
        because one translation is missing.
        """
        wanted: str = self.de if language == "de" else self.en
        if wanted:
            return wanted, language
        other = "en" if language == "de" else "de"
        fallback: str = self.en if language == "de" else self.de
        return (fallback, other) if fallback else ("", language)

    def __bool__(self) -> bool:
        return bool(self.de or self.en)


NOTHING = Text()
