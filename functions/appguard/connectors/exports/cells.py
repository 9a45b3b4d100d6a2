"""Texts that a spreadsheet would take for a formula."""

from pydantic import JsonValue

FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠﹢﹣﹦﹫")  # noqa: RUF001 - look-alikes that spreadsheets also run


def would_run(text: str) -> bool:
    """Whether a spreadsheet that is given this text to read might evaluate it."""
    return text.lstrip("\ufeff\u200b\xa0 ")[:1] in FORMULA if text else False


def safe_cell(value: JsonValue) -> str:
    """The cell's text, led by an apostrophe where a spreadsheet would take it for a formula.

    >>> safe_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return "'" + value if would_run(value) else value
