"""The form of relance.toml: its sections, their keys and what each may hold (batch/data/defaults.toml has the values).

A refused value carries the type of what was expected, which `refusals` turns into words; nothing here speaks a language.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from batch.core.policy import BUSINESS, CONSUMER, PUBLIC
from batch.core.tables import STANDINGS, STEPS
from batch.words import LANGUAGES

HAND_OVER = "hand_over"
DEFAULT_ROAD = "default"
CHANNELS = ("mail", "letter", "call", "dossier", "task")
HAND_OVERS = ("bailiff", "agency", "lawyer")


def _one_of(*choices: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError("choice", "not one of the choices", {"choices": choices})
        return value

    return AfterValidator(check)


def _shaped(expected: str, pattern: str) -> AfterValidator:
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


# A line ends up in headers of mails: no control character may stand in it.
Line = Annotated[str, _shaped("line", r"[^\x00-\x1f\x7f]*")]
Lines = Annotated[str, _shaped("lines", r"[^\x00-\x09\x0b-\x1f\x7f]*")]
Address = Annotated[str, _shaped("email", r"|[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")]
Country = Annotated[str, _shaped("country", r"[A-Z]{2}")]
Currency = Annotated[str, _shaped("currency", r"[A-Z]{3}")]
Language = Annotated[str, _one_of(*LANGUAGES)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]
Bounds = Annotated[list[int], AfterValidator(_rising)]
StepCode = Annotated[str, _one_of(*STEPS)]
Rung = Annotated[str, _one_of(*STEPS, HAND_OVER)]


class Section(BaseModel):
    """A table of relance.toml: unknown keys are refused, types are taken as written."""

    # Built with the whole form, not one by one before it.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class CompanySection(Section):
    """Who is owed."""

    name: Line
    address: Lines
    company_id: Line
    email: Address
    phone: Line
    contact: Line
    iban: Line
    bic: Line
    website: Line


class LedgerSection(Section):
    """How to read the export."""

    sheet: Line
    date_order: Annotated[str, _one_of("", "dmy", "mdy", "ymd")]
    decimal: Annotated[str, _one_of("", ",", ".")]
    currency: Currency
    country: Country
    terms_days: Count
    end_of_month: Annotated[str, _one_of("after", "before")]
    swapped_dates: Annotated[str, _one_of("", "undo", "keep")]
    stated_on: Day
    fresh_days: Count
    contacts: Line
    columns: dict[str, Line]
    contact_columns: dict[str, Line]


class JournalSection(Section):
    """Where the memory is."""

    url: Line


class SmtpSection(Section):
    """The server that mails leave by."""

    host: Annotated[str, _shaped("host", r"[^\s/@]+")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    user: Line = ""
    starttls: bool = True
    ca_file: Line = ""


class MailSection(Section):
    """How mails leave."""

    outbox: Line
    workbook_days: Count


class MessagesSection(Section):
    """How mails are worded."""

    language: Language
    templates: Line


class StepSection(Section):
    """One step of the ladder; the fields are those of core.policy.Step."""

    channel: Annotated[str, _one_of(*CHANNELS)] = "mail"
    approval: bool = False
    days_late: int | None = None
    since_contact: Count = 0
    after: Annotated[str, _one_of("", "written", *STEPS)] = ""
    after_days: Count = 0
    written: Count = 0
    minimum: Amount = Decimal(0)
    lapses: Count | None = None


class ChargingSection(Section):
    """What late payers owe beside their invoices; the rates are law and ship as data."""

    fixed_sum: Amount
    fixed_sum_currency: Currency
    claimed_from: StepCode


class PolicySection(Section):
    """Days, amounts and steps; the scalars are those of core.policy.Policy."""

    gap_days: Count
    tolerance: Amount
    buckets: Bounds
    hand_over: Annotated[str, _one_of(*HAND_OVERS)]
    promise_grace: Count
    cheque_grace: Count
    answer_pause: Count
    resend_grace: Count
    hard_hand_over: Count
    offer_wait: Count
    courtesy_minimum: Amount
    patience_months: Count
    patience_delay: Count
    patience_days: Count
    first_run_hold: Count
    dso_days: Annotated[int, Field(ge=1)]
    lead: Count
    first_points: Count
    charging: ChargingSection
    roads: dict[str, list[Rung]]  # the keys of these tables: NAMED below
    natures: dict[str, list[StepCode]]
    steps: dict[str, StepSection]


class EvidenceSection(Section):
    """What one fact weighs for or against each standing."""

    forgetful: int = 0
    invoice_lost: int = 0
    in_difficulty: int = 0
    dishonest: int = 0
    hard: bool = False
    delivery: bool = False


class SettingsFile(Section):
    """The whole of relance.toml, laid over the defaults."""

    company: CompanySection
    ledger: LedgerSection
    journal: JournalSection
    smtp: SmtpSection | None = None
    mail: MailSection
    messages: MessagesSection
    policy: PolicySection
    evidence: dict[str, EvidenceSection]


# The tables whose keys are codes: what may stand there.
NAMED = {
    "roads": (DEFAULT_ROAD, *STANDINGS),
    "natures": (BUSINESS, CONSUMER, PUBLIC),
    "steps": STEPS,
}
