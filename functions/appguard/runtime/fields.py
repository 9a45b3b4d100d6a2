"""How each kind of field is presented."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from appguard.runtime.pages import (
    ChoiceField,
    DateField,
    EmailField,
    FormField,
    IntegerField,
    LongTextField,
    NumberField,
    TextField,
)
from appguard.runtime.words import day

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_RADIOS = 6
Bound = date | Decimal | int | None


def hint(field: FormField) -> str:
    """The help under a label: the author's words, then the bounds the author set."""
    said = field.help if not field.help or field.help[-1] in ".?!" else f"{field.help}."
    return " ".join(part for part in (said, _bounds(field)) if part)


def as_radios(field: FormField) -> bool:
    """Few choices of which one must be made are shown at once; others in a list."""
    return isinstance(field, ChoiceField) and field.required and len(field.choices) <= MOST_RADIOS


def input_kind(field: FormField) -> "Markup":
    """Type, keyboard and width of an `<input>`. Numbers are text: wheels and spinners change them unseen."""
    from markupsafe import Markup  # noqa: PLC0415

    match field:
        case EmailField():
            attributes = Markup(' type="email" spellcheck="false"')
        case IntegerField():
            attributes = Markup(' type="text" inputmode="numeric" class="short"')
        case NumberField():
            attributes = Markup(' type="text" inputmode="decimal" class="short"')
        case DateField():
            attributes = Markup(' type="date" class="short"{}{}').format(
                _attribute("min", field.earliest), _attribute("max", field.latest)
            )
        case _:
            attributes = Markup(' type="text"')
    return attributes


def _attribute(name: str, value: object) -> "Markup":
    from markupsafe import Markup  # noqa: PLC0415

    return Markup(' {}="{}"').format(name, value) if value is not None else Markup("")


def _bounds(field: FormField) -> str:
    match field:
        case LongTextField():
            return f"Up to {field.max_length} characters."
        case TextField(max_length=most) if most < 200:  # noqa: PLR2004  the default says nothing
            return f"Up to {most} characters."
        case IntegerField() | NumberField():
            return _range(field.minimum, field.maximum, "or more", "or less")
        case DateField():
            return _range(field.earliest, field.latest, "or later", "or earlier")
        case _:
            return ""


def _range(least: Bound, most: Bound, more: str, less: str) -> str:
    low, high = (day(bound) if isinstance(bound, date) else bound for bound in (least, most))
    if low is not None and high is not None:
        return f"From {low} to {high}."
    if low is not None:
        return f"{low} {more}."
    return f"{high} {less}." if high is not None else ""
