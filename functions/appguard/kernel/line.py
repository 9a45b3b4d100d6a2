"""What people wrote, as one line of text: it forges no header, no paragraph and no reading direction."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

LONGEST = 998
"""As long as a line of a mail may be (RFC 5322); longer ones are cut."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Control and format characters, which turn text around or hide it, and what is no character at all."""


def one_line(text: str) -> str:
    r"""`text` on one line, without characters that nobody sees.

    >>> one_line("Leave\r\nBcc: all\u202e")
    'Leave Bcc: all'
    """
    spaced = " ".join(text.split())
    return "".join(char for char in spaced if unicodedata.category(char) not in _UNSEEN)[:LONGEST]


Line = Annotated[str, AfterValidator(one_line)]
