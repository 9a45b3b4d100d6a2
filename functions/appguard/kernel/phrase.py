"""Text for people that can be shown in their language."""

from typing import Self


class Phrase(str):
    """An English sentence that remembers how it was made, so that whoever shows it can translate it.

    It is an ordinary string in English wherever nobody translates: in logs, in JSON, on a terminal.

    >>> Phrase("{count} apps", count=3)
    '3 apps'
    """

    __slots__ = ("text", "values")
    text: str
    values: dict[str, object]

    def __new__(cls, text: str, /, **values: object) -> Self:
        """`text` is the key of the translation; what varies stands in it in braces."""
        phrase = super().__new__(cls, text.format_map(values) if values else text)
        phrase.text, phrase.values = text, values
        return phrase
