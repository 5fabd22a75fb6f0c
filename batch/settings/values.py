"""The kinds of values that relance.toml holds, and the section they stand in.

A refused value carries the type of what was expected, which `refusals` turns into words; nothing here speaks a language.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from batch.core.codes import STEPS
from batch.words import LANGUAGES

HUNDRED = 100
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


class Fee(NamedTuple):
    """What a step costs: an amount, or a percentage of the invoice."""

    flat: Decimal = Decimal(0)
    share: Decimal = Decimal(0)


def one_of(*choices: str) -> AfterValidator:
    """Return the check that a text is one of these."""

    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError("choice", "not one of the choices", {"choices": choices})
        return value

    return AfterValidator(check)


def shaped(expected: str, pattern: str) -> AfterValidator:
    """Return the check that a whole text follows a pattern; `expected` names it to the user."""
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise PydanticCustomError("shape", "not of the expected shape", {"expected": expected})
        return value

    return AfterValidator(check)


def _amount(value: object) -> Decimal:
    """Accept "5.00", 5 and 5.0; a comma is refused: "1,500" is one and a half to some, fifteen hundred to others."""
    try:
        amount = Decimal(str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else "no")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount != round(amount, 3):
        raise PydanticCustomError("shape", "not an amount", {"expected": "amount"})
    return amount


def _fee(value: object) -> Fee:
    """Accept an amount, or a share of the invoice such as "15 %"."""
    text = str(value).replace("\N{NO-BREAK SPACE}", " ").strip() if isinstance(value, (str, int, float)) else ""
    try:
        return Fee(share=_amount(text.removesuffix("%").strip())) if text.endswith("%") else Fee(flat=_amount(value))
    except PydanticCustomError as error:
        raise PydanticCustomError("shape", "not a fee", {"expected": "fee"}) from error


def _percent(value: object) -> Decimal | None:
    """Accept "12.40", 12.4 and 12, in percent a year; "" is none."""
    if value == "" or value is None:
        return None
    amount = _amount(value)
    if amount != round(amount, 2) or amount > HUNDRED:
        raise PydanticCustomError("shape", "not a percentage", {"expected": "percent"})
    return amount


def _rising(bounds: list[int]) -> list[int]:
    if not bounds or any(later <= earlier for earlier, later in zip([0, *bounds], bounds, strict=False)):
        raise PydanticCustomError("shape", "not rising", {"expected": "rising"})
    return bounds


def _day(value: object) -> dt.date | None:
    """Accept a day as toml writes it, or as text; "" is none."""
    if value == "" or value is None:
        return None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise PydanticCustomError("shape", "not a day", {"expected": "day"}) from error


def _window(value: object) -> tuple[dt.time, dt.time] | None:
    """Accept hours of one day such as "08:30-18:00"; "" is none."""
    if value == "" or value is None:
        return None
    if isinstance(value, str) and _HOURS.fullmatch(value):
        opens, closes = map(dt.time.fromisoformat, value.split("-"))
        if opens < closes:
            return opens, closes
    raise PydanticCustomError("shape", "not hours of a day", {"expected": "window"})


# A line ends up in headers of mails: no control character may stand in it.
Line = Annotated[str, shaped("line", r"[^\x00-\x1f\x7f]*")]
Lines = Annotated[str, shaped("lines", r"[^\x00-\x09\x0b-\x1f\x7f]*")]
Address = Annotated[str, shaped("email", r"|[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")]
Country = Annotated[str, shaped("country", r"[A-Z]{2}")]
Currency = Annotated[str, shaped("currency", r"[A-Z]{3}")]
Language = Annotated[str, one_of(*LANGUAGES)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Percent = Annotated[Decimal | None, BeforeValidator(_percent)]
Window = Annotated[tuple[dt.time, dt.time] | None, BeforeValidator(_window)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]
Bounds = Annotated[list[int], AfterValidator(_rising)]
StepCode = Annotated[str, one_of(*STEPS)]
FeeOrShare = Annotated[Fee, PlainValidator(_fee)]
Template = Annotated[str, shaped("template", r"[\w-]*")]


class Section(BaseModel):
    """A table of relance.toml: unknown keys are refused, types are taken as written."""

    # Built with the whole form, not one by one before it.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)
